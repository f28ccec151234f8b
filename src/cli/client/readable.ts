import { open } from 'node:fs/promises'
import { TitianError } from '../../domain/error.ts'
import { systemReason } from '../../io/system-error.ts'

/** Throws `not-found` with one sentence for the first of these files that is none or cannot be read. */
export async function requireReadable(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await using file = await open(path)
      if ((await file.stat()).isFile()) continue
    } catch (cause) {
      throw unreadable(path, cause)
    }
    throw new TitianError('not-found', `${path} is no file`)
  }
}

/** The pieces of a file as they come; what the system says on the way is told as one sentence. */
export async function* piecesOf(path: string, stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** The sentence for a file that the system does not let us read, with the system's reason. */
export function unreadable(path: string, cause: unknown): TitianError {
  const reason = systemReason(cause)
  return new TitianError('not-found', `${path} cannot be read${reason === undefined ? '' : `: ${reason}`}`, { cause })
}
