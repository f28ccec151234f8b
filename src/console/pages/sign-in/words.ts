import { speaking, type Words } from '../../../web/speaking.ts'

export const SIGN_IN_PATH = '/console/sign-in'
export const SIGN_OUT_PATH = '/console/sign-out'
/** The way to another provider of identities. */
export const PROVIDER_PATH = '/console/oidc'
/** Where an account is set up by a first password. */
export const SET_UP_PATH = '/console/set-up'
/** One's own account. */
export const ACCOUNT_PATH = '/console/account'

const SIGN_IN_WORDS = {
  signIn: { id: 'Masuk', en: 'Sign in' },
  lead: {
    id: 'Konsol untuk petugas, wali data, dan auditor. Yang Anda putuskan dicatat atas nama akun Anda.',
    en: 'The console, for operators, stewards and auditors. What you decide is noted under your account.',
  },
  name: { id: 'Nama pengguna', en: 'Name' },
  password: { id: 'Kata sandi', en: 'Password' },
  code: { id: 'Kode dari aplikasi autentikator', en: 'Code of your authenticator app' },
  codeNote: {
    id: 'Enam angka, atau satu kode cadangan. Kosongkan pada kali pertama, dengan kata sandi pertama.',
    en: 'Six digits, or one of your recovery codes. Leave it empty the first time, with a first password.',
  },
  wrong: {
    id: 'Nama, kata sandi, atau kode tidak benar. Setiap kode hanya berlaku satu kali: tunggu kode berikutnya.',
    en: 'Name, password or code is not right. Each code counts once: wait for the next one.',
  },
  slow: {
    id: 'Terlalu banyak percobaan. Tunggu satu menit, lalu coba lagi.',
    en: 'Too many attempts. Wait a minute, then try again.',
  },
  elsewhere: { id: 'Masuk lewat', en: 'Sign in at' },
  notAllowed: {
    id: 'Akun Anda tidak punya peran di konsol ini, atau dinonaktifkan.',
    en: 'Your account has no role at this console, or is disabled.',
  },
  notBack: {
    id: 'Anda tidak kembali dari penyedia identitas sebagaimana mestinya. Coba lagi.',
    en: 'You did not come back from the identity provider as expected. Try again.',
  },
  away: {
    id: 'Penyedia identitas tidak menjawab. Coba lagi sebentar lagi.',
    en: 'The identity provider does not answer. Try again in a moment.',
  },
  lost: {
    id: 'Lupa kata sandi atau kehilangan ponsel? Mintalah pengelola mengatur ulang akun Anda (titian people reset).',
    en: 'Password forgotten, or phone lost? Ask whoever runs the gateway to reset your account (titian people reset).',
  },
  setUp: { id: 'Siapkan akun Anda', en: 'Set up your account' },
  setUpLead: {
    id: 'Pindai kode ini dengan aplikasi autentikator di ponsel Anda, lalu pilih kata sandi Anda sendiri. Keduanya tidak diketahui siapa pun selain Anda.',
    en: 'Scan this with an authenticator app of your phone, then choose a password of your own. Nobody else knows either.',
  },
  byHand: { id: 'Atau ketik rahasianya', en: 'Or type the secret' },
  newPassword: { id: 'Kata sandi baru, paling sedikit 12 karakter', en: 'New password, 12 characters or more' },
  again: { id: 'Kata sandi baru sekali lagi', en: 'The new password again' },
  newCode: { id: 'Enam angka yang ditampilkan aplikasi', en: 'The six digits that the app shows' },
  save: { id: 'Simpan', en: 'Save' },
  short: { id: 'Kata sandi terlalu pendek: paling sedikit 12 karakter.', en: 'The password is too short: 12 or more.' },
  long: { id: 'Kata sandi terlalu panjang: paling banyak 200 karakter.', en: 'The password is too long: 200 at most.' },
  simple: {
    id: 'Kata sandi terlalu mudah ditebak, atau memuat nama Anda.',
    en: 'The password is too easy to guess, or holds your name.',
  },
  unequal: { id: 'Kedua kata sandi tidak sama.', en: 'The two passwords are not the same.' },
  wrongCode: {
    id: 'Kode tidak benar atau sudah dipakai: tunggu kode berikutnya. Periksa jam ponsel Anda.',
    en: 'The code is not right, or was used: wait for the next one. See that the clock of your phone is right.',
  },
  wrongPassword: { id: 'Kata sandi yang sekarang tidak benar.', en: 'The present password is not right.' },
  recovery: { id: 'Kode cadangan Anda', en: 'Your recovery codes' },
  recoveryLead: {
    id: 'Catat sekarang, ini hanya ditampilkan sekali. Setiap kode menggantikan kode aplikasi satu kali, bila ponsel Anda hilang.',
    en: 'Note them now, they are shown this once. Each stands in for a code of the app once, should you lose your phone.',
  },
  go: { id: 'Ke konsol', en: 'To the console' },
  account: { id: 'Akun saya', en: 'My account' },
  noted: { id: 'Keputusan Anda dicatat atas nama', en: 'Your decisions are noted under' },
  may: { id: 'Yang boleh Anda lihat dan lakukan', en: 'What you may see and do' },
  change: { id: 'Ganti kata sandi', en: 'Change the password' },
  changeNote: {
    id: 'Semua sesi Anda berakhir, dan kode cadangan yang lama tidak berlaku lagi.',
    en: 'All your sessions end, and your earlier recovery codes count no more.',
  },
  current: { id: 'Kata sandi yang sekarang', en: 'Present password' },
} as const satisfies Words
export type SignInWord = keyof typeof SIGN_IN_WORDS

/** A text of the pages about one's own account. */
export const saySignIn = speaking(SIGN_IN_WORDS)
