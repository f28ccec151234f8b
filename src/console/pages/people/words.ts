import { speaking, type Words } from '../../../web/speaking.ts'
import type { MenuRow } from '../../menu.ts'

export const PEOPLE_PATH = '/console/people'

export const PEOPLE_MENU: MenuRow = { path: PEOPLE_PATH, text: { id: 'Akun', en: 'Accounts' }, right: 'people' }

const PEOPLE_WORDS = {
  lead: {
    id: 'Siapa yang dapat masuk ke konsol, dan apa yang boleh dilakukannya. Akun diurus dengan titian people di server.',
    en: 'Who can sign in at the console, and what they may do. Accounts are looked after by titian people on a server.',
  },
  name: { id: 'Nama', en: 'Name' },
  account: { id: 'Akun', en: 'Account' },
  roles: { id: 'Peran', en: 'Roles' },
  signedIn: { id: 'Terakhir masuk', en: 'Last sign-in' },
  enabled: { id: 'aktif', en: 'enabled' },
  'first password': { id: 'kata sandi pertama', en: 'first password' },
  disabled: { id: 'nonaktif', en: 'disabled' },
  password: { id: 'kata sandi dan kode', en: 'password and code' },
  oidc: { id: 'penyedia identitas', en: 'identity provider' },
  by: { id: 'Masuk dengan', en: 'Signs in by' },
  right: { id: 'Melihat atau melakukan', en: 'Sees or does' },
} as const satisfies Words

/** A text of the page of accounts. */
export const sayPeople = speaking(PEOPLE_WORDS)
