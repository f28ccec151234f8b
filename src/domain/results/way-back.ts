import type { CanonicalRecord, Json } from '../entry.ts'

/** Why a canonical value cannot be said in a platform's own columns; what people read. */
export const NO_WAY_BACK = {
  'no-column': { id: 'Dataset ini tidak memiliki kolom untuk variabel itu', en: 'The dataset has no column for it' },
  inferred: {
    id: 'Nilai disimpulkan dari kolom lain, tidak ditulis sendiri',
    en: 'The value is inferred from another column, not stated',
  },
  counted: { id: 'Nilai dihitung dari jumlah anggota', en: 'The value is counted from the members' },
  'of-the-head': { id: 'Nilai berasal dari data kepala keluarga', en: "The value is that of the head's own record" },
  'other-file': {
    id: 'Nilai dibaca dari berkas dataset lain; perbaiki di berkas itu',
    en: 'The value is read from the file of another dataset; correct it there',
  },
  'combined-columns': {
    id: 'Nilai dirangkai dari beberapa kolom atau sebagian kolom',
    en: 'The value is made of several columns, or of a part of one',
  },
  'shared-list': {
    id: 'Kolom ini memuat jawaban beberapa variabel sekaligus',
    en: 'The column holds the answers of several variables at once',
  },
  condition: {
    id: 'Cara membaca kolom bergantung pada kolom lain yang tidak diketahui',
    en: 'How the column is read depends on others that are not known',
  },
  coarser: {
    id: 'Kode dataset ini lebih kasar; kode terdekat disebut',
    en: 'The codes of the dataset are coarser; the nearest is named',
  },
  'no-source-code': {
    id: 'Dataset ini tidak memiliki kode atau tulisan untuk nilai itu',
    en: 'The dataset has no code or spelling for the value',
  },
  'region-unknown': {
    id: 'Kode wilayah tidak dikenal pada skema dataset ini',
    en: 'The region is not known in the scheme of the dataset',
  },
  'region-part': {
    id: 'Wilayah diperbaiki lewat kode desa/kelurahan',
    en: 'A region is corrected by the code of its village',
  },
} as const satisfies Record<string, { id: string; en: string }>
export type NoWayBack = keyof typeof NO_WAY_BACK

/** A source column, as the catalogue names it (`anggota[].nik`), and what would be written there. */
export type ColumnValue = { column: string; value: Json }

/** How a canonical value is said in the columns of a dataset. */
export type WayBack =
  | {
      is: 'way'
      set: ColumnValue[]
      /** What must stand in other columns for it to be read so. */
      when?: ColumnValue[]
      /** Other canonical variables that these columns say too, and that would read otherwise than now. */
      changes?: string[]
    }
  | { is: 'none'; reason: NoWayBack; nearest?: ColumnValue }

/** Turns a canonical value of a record into the columns of the dataset that it came from, by the very mapping that reads them. */
export type TurnBack = (
  record: Pick<CanonicalRecord, 'level' | 'fields' | 'extensions'>,
  field: string,
  value: string | number,
) => WayBack
