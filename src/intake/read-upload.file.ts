import type { SourceFormat } from '../domain/dataset.ts'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import type { LooseEntry } from '../engine/chunks/packing.ts'
import { gathered } from './formats/pieces.ts'
import { type ReadOptions, readGroups } from './formats/read.ts'
import { isZip, refuseAsWorkbook } from './formats/sniff.ts'
import type { WorkbookChoice } from './workbook/choice.ts'
import type { UnpackLimits } from './workbook/package.file.ts'
import { workbookGroups } from './workbook/workbook.file.ts'

/** Whether a file is a workbook: as its type says, or its first bytes. */
export type FileKind = 'text' | 'workbook' | 'by-bytes'

export type UploadOptions = ReadOptions &
  WorkbookChoice & {
    kind: FileKind
    /** What the parts of a workbook may unpack to. */
    limits: UnpackLimits
    /** Waits until a workbook may be read, where several come at once. */
    turn?: () => Promise<() => void>
  }

/** Reads a file of a dataset as entries, text or workbook; throws as `readGroups` does. */
export async function* uploadEntries(
  bytes: AsyncIterable<Buffer>,
  format: SourceFormat,
  options: UploadOptions,
): AsyncGenerator<RawEntry> {
  for await (const group of uploadGroups(bytes, format, options)) {
    for (const entry of group) yield { ...entry, text: entry.text.toString() }
  }
}

/** The same in groups as they arrive, whose texts may be views into the bytes that came. */
export async function* uploadGroups(
  bytes: AsyncIterable<Buffer>,
  format: SourceFormat,
  options: UploadOptions,
): AsyncGenerator<LooseEntry[]> {
  const pieces = gathered(bytes, () => 0)
  const first = await pieces.next()
  if (first.done === true) return
  const whole = joined(first.value, pieces)
  if (options.kind === 'text' || (options.kind === 'by-bytes' && !isZip(first.value))) {
    yield* readGroups(whole, format, options)
    return
  }
  refuseAsWorkbook(first.value)
  if (format.kind !== 'csv') throw new TitianError('type-unsupported', 'the dataset takes no tables')
  const { tell = () => undefined, turn = async () => () => undefined } = options
  yield* workbookGroups(whole, format, { ...options, tell, turn })
}

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
