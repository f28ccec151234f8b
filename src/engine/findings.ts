import type { FindingText } from '../domain/finding.ts'

/** What makes an entry unworkable, whatever it says. */
export const ENGINE_FINDINGS = {
  'entry-poison': {
    severity: 'hold',
    id: 'Data ini berulang kali menghentikan pekerja gerbang; petugas akan memeriksanya',
    en: "This record stopped the gateway's workers again and again; an operator will look at it",
  },
  'withdrawal-stuck': {
    severity: 'hold',
    id: 'Penarikan data ini berulang kali gagal; data masih berlaku, dan petugas akan memeriksanya',
    en: 'Withdrawing this record failed again and again; the record still stands, and an operator will look at it',
  },
  'subject-erased': {
    severity: 'error',
    id: 'Data ini menyebut orang yang sudah dihapus atas haknya (UU PDP 27/2022). Hapus orang itu dari kiriman, lalu kirim lagi data lainnya',
    en: 'This record states a person who was erased by right (UU PDP 27/2022). Leave the person out, and push the rest again',
  },
  'batch-aborted': {
    severity: 'error',
    id: 'Kiriman dibatalkan sebelum data ini dikaitkan; kirim lagi bila tetap diperlukan',
    en: 'The batch was aborted before this record was linked; push it again if it still holds',
  },
  'batch-refused': {
    severity: 'error',
    id: 'Kiriman strict ditolak seluruhnya karena data lain bermasalah; perbaiki data itu dan kirim ulang semuanya',
    en: 'The strict batch was refused as a whole for other entries; mend those and push all of it again',
  },
} as const satisfies Record<string, FindingText>

/** Findings that say nothing of the entry itself: what became of its batch as a whole kept it out. */
export const WHOLE_BATCH_FINDINGS: ReadonlySet<string> = new Set<keyof typeof ENGINE_FINDINGS>([
  'batch-aborted',
  'batch-refused',
])
