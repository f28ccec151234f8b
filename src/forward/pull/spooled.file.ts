import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { SealedFile } from '../../io/sealed-file.ts'

const PIECE = 256 * 1024

/** An answer that is whole: its bytes, how many they are, and their SHA-256. */
export type Spooled = { body: Readable; bytes: number; digest: Buffer }

/**
 * Keeps an answer in a sealed file until it is whole: its digest is signed before its first byte goes out. Trouble on the way is
 * a problem, and no answer that breaks off. Undefined when `isGone` says that nobody waits for it any more.
 */
export async function spooled(pieces: AsyncIterable<Buffer>, isGone: () => boolean): Promise<Spooled | undefined> {
  const file = new SealedFile()
  const sum = createHash('sha256')
  try {
    for await (const piece of pieces) {
      if (isGone()) {
        file.close()
        return undefined
      }
      sum.update(piece)
      await file.append(piece)
    }
  } catch (cause) {
    file.close()
    throw cause
  }
  return { body: readableOf(file), bytes: file.size, digest: sum.digest() }
}

/** The file as a stream, which ends the file, also one that nobody ever reads. */
function readableOf(file: SealedFile): Readable {
  let at = 0
  return new Readable({
    highWaterMark: PIECE,
    read() {
      // The pages were written a moment ago: reading one takes no longer than deciphering it.
      const piece = file.read(at, PIECE)
      at += piece.length
      this.push(piece.length === 0 ? null : piece)
    },
    destroy(cause, done) {
      file.close()
      done(cause)
    },
  })
}
