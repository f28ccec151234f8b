import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { TitianError } from '../../domain/error.ts'
import { type ContentEncoding, unpack } from '../../intake/formats/unpack.ts'
import { unreadable } from '../client/readable.ts'

/** The bytes of a file, of `.gz` and `.zst` unpacked. Throws `not-found` where it cannot be read, `bad-request` where it is damaged. */
export async function* unpacked(file: string): AsyncGenerator<Buffer> {
  await stat(file).catch((cause) => {
    throw unreadable(file, cause)
  })
  try {
    yield* unpack(createReadStream(file), encodingOf(file))
  } catch (cause) {
    if (!(cause instanceof TitianError)) throw cause
    throw new TitianError('bad-request', `${file} is damaged: it cannot be unpacked`, { cause })
  }
}

function encodingOf(file: string): ContentEncoding {
  const name = file.toLowerCase()
  return name.endsWith('.gz') ? 'gzip' : name.endsWith('.zst') ? 'zstd' : 'identity'
}
