import type { SourceFormat } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import { TitianError } from '../../domain/error.ts'
import { type UploadOptions, uploadEntries } from '../../intake/read-upload.file.ts'
import { explainRefusal } from './refused-file.ts'
import { unpacked } from './unpacked.ts'

const RECORD_BYTES = 1024 * 1024
const GIGABYTE = 1024 ** 3
/** As the gateway has them by default. */
const LIMITS = { unpackedBytes: 32 * GIGABYTE, ratio: 200, ratioFrom: 10_000_000 }
/** Problems that whoever has the file at hand is told more of. */
const EXPLAINED = ['csv-header', 'body-form', 'body-broken']

export type FileOptions = Pick<UploadOptions, 'sheet' | 'headerRow' | 'tell'>

/**
 * Cuts a file into entries as the gateway would: NDJSON, `.json` (an array), CSV or XLSX, also as `.gz` and `.zst`. A header or a form that does
 * not fit is told with its places.
 */
export async function* fileEntries(
  file: string,
  format: SourceFormat,
  options: FileOptions = {},
): AsyncGenerator<RawEntry> {
  const array = /\.json(\.gz|\.zst)?$/i.test(file)
  try {
    yield* uploadEntries(unpacked(file), format, {
      ...options,
      ...{ recordBytes: RECORD_BYTES, array, kind: 'by-bytes', limits: LIMITS },
    })
  } catch (error) {
    if (!(error instanceof TitianError) || !EXPLAINED.includes(error.code)) throw error
    throw await explainRefusal(file, error, format)
  }
}
