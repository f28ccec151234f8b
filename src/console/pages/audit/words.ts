import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const AUDIT_PATH = '/console/audit'

export const AUDIT_MENU: MenuRow = {
  path: AUDIT_PATH,
  text: { id: 'Jejak audit', en: 'Audit log' },
  right: 'audit',
}

const AUDIT_WORDS = {
  auditLead: {
    id: 'Siapa melakukan apa, dan siapa melihat data orang. Yang dicatat adalah tindakan dan nomor, tidak pernah isinya.',
    en: 'Who did what, and who looked at data of persons. Actions and numbers are written down, never a value.',
  },
  auditAt: { id: 'Waktu', en: 'Time' },
  auditActor: { id: 'Pelaku', en: 'Actor' },
  auditAction: { id: 'Tindakan', en: 'Action' },
  auditObject: { id: 'Terhadap', en: 'Object' },
  anyAction: { id: 'semua tindakan', en: 'all actions' },
  auditFrom: { id: 'Sejak', en: 'Since' },
  find: { id: 'Cari', en: 'Search' },
  noAudit: { id: 'Tidak ada catatan yang cocok.', en: 'Nothing in the log fits.' },
  auditVerify: {
    id: 'Keutuhan catatan dibuktikan dengan',
    en: 'Whether the log is whole is proven by',
  },
} as const satisfies Words

export type AuditWord = keyof typeof AUDIT_WORDS | Word

/** A text of this page in the language of the view. */
export const sayAudit = speaking(AUDIT_WORDS)
