import { speaking, type Words } from '../../../web/speaking.ts'

const WELCOME_WORDS = {
  title: { id: 'Jembatan data daerah ke BPS', en: 'A bridge for data from regions to BPS' },
  lead: {
    id: 'Titian menerima data sosial ekonomi dari sistem daerah, memeriksanya, menyelaraskannya dengan standar nasional, dan menyerahkannya kepada BPS. Setiap data mendapat tepat satu jawaban.',
    en: 'Titian receives socio-economic records from regional systems, checks them, brings them to the national standard, and hands them to BPS. Every record gets exactly one answer.',
  },
  portal: { id: 'Portal daerah', en: 'Portal for regions' },
  portalNote: {
    id: 'Mengirim berkas dan mengambil hasil, tanpa program sendiri.',
    en: 'Send files and fetch results, without a program of your own.',
  },
  console: { id: 'Konsol', en: 'Console' },
  consoleNote: { id: 'Untuk petugas dan wali data.', en: 'For operators and data stewards.' },
  docs: { id: 'Dokumen API', en: 'API documents' },
  docsNote: { id: 'Untuk sistem yang mengirim dan mengambil data.', en: 'For systems that push and pull data.' },
} as const satisfies Words

/** A text of the welcome page in the language of the view. */
export const sayWelcome = speaking(WELCOME_WORDS)
