import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const SETTINGS_PATH = '/console/settings'

export const SETTINGS_MENU: MenuRow = {
  path: SETTINGS_PATH,
  text: { id: 'Pengaturan', en: 'Settings' },
  right: 'settings',
}

const SETTINGS_WORDS = {
  settingsLead: {
    id: 'Pengaturan proses gerbang ini, hanya untuk dilihat: diubah melalui variabel lingkungan, lalu proses dijalankan ulang. Rahasia disamarkan.',
    en: 'The settings of this gateway process, to be read only: they are changed by environment variables and a restart. Secrets are masked.',
  },
  setting: { id: 'Pengaturan', en: 'Setting' },
  ownSettings: { id: 'Diatur untuk proses ini', en: 'Set for this process' },
  noOwnSettings: { id: 'Tidak ada: semuanya bawaan.', en: 'None: everything is as it comes.' },
  usualSettings: { id: 'Bawaan dan tidak diatur', en: 'Defaults, and what is not set' },
  settingValue: { id: 'Nilai', en: 'Value' },
  isStandard: { id: 'bawaan', en: 'default' },
  notSet: { id: 'tidak diatur', en: 'not set' },
  versions: { id: 'Versi', en: 'Versions' },
  migrations: { id: 'Migrasi basis data', en: 'Migrations of the database' },
  migration: { id: 'Migrasi', en: 'Migration' },
  appliedAt: { id: 'Diterapkan', en: 'Applied' },
  startedAt: { id: 'Proses mulai', en: 'Process started' },
} as const satisfies Words

export type SettingsWord = keyof typeof SETTINGS_WORDS | Word

/** A text of this page in the language of the view. */
export const saySettings = speaking(SETTINGS_WORDS)
