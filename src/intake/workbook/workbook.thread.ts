// What runs inside the thread that reads one workbook: its XML takes longer than an event loop may be busy.
import { serveStream } from '../../io/stream-thread-side.ts'
import { readWorkbook, type WorkbookPiece, type WorkbookTask } from './read-workbook.file.ts'

serveStream<WorkbookTask, WorkbookPiece>(readWorkbook, (piece) => ('packed' in piece ? ownBytes(piece.packed) : []))

/** The memory of a buffer, if it is all its own: small ones share theirs. */
function ownBytes({ buffer, byteLength }: Buffer): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
}
