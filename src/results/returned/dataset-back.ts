import type { TurnBack } from '../../domain/results/way-back.ts'

/** What the way back needs of a dataset; the catalogue makes it of the mapping. */
export type DatasetBack = {
  turnBack: TurnBack
  /** The source columns that a variable (`keluarga.alamat`) is read from. */
  columnsFor(key: string): string[]
  /** Where its files are CSV: how they are written, and the one column that is the key, if one is. */
  csv: { delimiter: string; columns: readonly string[]; keyColumn: string | undefined } | undefined
}
