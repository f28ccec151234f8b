import type { TwoTongues } from './programme.ts'

/** What stands on every list. */
export const NOTICE: TwoTongues = {
  id: 'Ini daftar calon untuk diperiksa manusia. Tidak seorang pun diputuskan menerima atau ditolak oleh daftar ini; nilai yang tidak ada bukanlah "tidak".',
  en: 'This is a list of candidates for a human to check. Nobody is accepted or refused by it; a value that is absent is not a No.',
}
