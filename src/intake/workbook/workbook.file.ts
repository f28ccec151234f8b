import { TitianError } from '../../domain/error.ts'
import { type LooseEntry, looseEntries } from '../../engine/chunks/packing.ts'
import type { FileForm } from '../../engine/file-form.ts'
import { bufferFreer } from '../../io/free-memory.ts'
import { SealedFile } from '../../io/sealed-file.ts'
import { streamFromThread } from '../../io/stream-thread.ts'
import type { CsvFormat } from '../formats/csv.ts'
import type { WorkbookChoice } from './choice.ts'
import type { UnpackLimits } from './package.file.ts'
import type { WorkbookPiece } from './read-workbook.file.ts'

export type WorkbookOptions = WorkbookChoice & {
  limits: UnpackLimits
  /** Bytes of one record, at most. */
  recordBytes: number
  /** Waits until it may be read; what it gives says that it was. */
  turn(): Promise<() => void>
  tell(form: FileForm): void
}

const MEMORY_MB = 128
const DEADLINE_MS = 600_000

/**
 * Reads the entries of an XLSX workbook in groups. The directory of a ZIP stands at its end, so the bytes go into a sealed file first;
 * a thread of its own then reads that. Throws as `readGroups` does.
 */
export async function* workbookGroups(
  bytes: AsyncIterable<Buffer>,
  format: CsvFormat,
  { limits, recordBytes, sheet, headerRow, turn, tell }: WorkbookOptions,
): AsyncGenerator<LooseEntry[]> {
  const file = new SealedFile()
  let endTurn: (() => void) | undefined
  try {
    const free = bufferFreer()
    for await (const piece of bytes) {
      await file.append(piece)
      free(piece.length)
    }
    endTurn = await turn()
    const choice = { ...(sheet !== undefined && { sheet }), ...(headerRow !== undefined && { headerRow }) }
    const pieces = streamFromThread<WorkbookPiece>({
      file: new URL('./workbook.thread.ts', import.meta.url),
      data: { file: file.handle, format, limits, recordBytes, ...choice },
      memoryMb: MEMORY_MB,
      deadlineMs: DEADLINE_MS,
    })
    for await (const piece of pieces) {
      if ('form' in piece) {
        tell(piece.form)
        continue
      }
      const { buffer, byteOffset, byteLength } = piece.packed
      yield looseEntries(Buffer.from(buffer, byteOffset, byteLength))
      free(byteLength)
    }
  } catch (error) {
    const { code } = error as { code?: string }
    // The folder of temporary files is full: another time, or another gateway, has room.
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new TitianError('too-many', 'no room for a workbook', { cause: error })
    throw error
  } finally {
    endTurn?.()
    file.close()
  }
}
