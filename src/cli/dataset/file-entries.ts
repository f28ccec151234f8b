import type { SourceFormat } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import { TitianError } from '../../domain/error.ts'
import { readEntries } from '../../intake/formats/read.ts'
import { explainRefusal } from './refused-file.ts'
import { unpacked } from './unpacked.ts'

const RECORD_BYTES = 1024 * 1024

/** Cuts a file into entries as the gateway would; also `.json` (an array), `.gz` and `.zst`. A header or a form that does not fit is told with its places. */
export async function* fileEntries(file: string, format: SourceFormat): AsyncGenerator<RawEntry> {
  const options = { recordBytes: RECORD_BYTES, array: /\.json(\.gz|\.zst)?$/i.test(file) }
  try {
    yield* readEntries(unpacked(file), format, options)
  } catch (error) {
    if (!(error instanceof TitianError) || (error.code !== 'csv-header' && error.code !== 'body-form')) throw error
    throw await explainRefusal(file, error, format)
  }
}
