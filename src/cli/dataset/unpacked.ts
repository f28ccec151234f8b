import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { TitianError } from '../../domain/error.ts'

/** The bytes of a file, of `.gz` and `.zst` unpacked. Throws `not-found` where it cannot be read, `bad-request` where it is damaged. */
export async function* unpacked(file: string): AsyncGenerator<Buffer> {
  await stat(file).catch((cause) => {
    throw new TitianError('not-found', `${file} cannot be read`, { cause })
  })
  const bytes = createReadStream(file)
  const unpacker = file.endsWith('.gz') ? createGunzip() : file.endsWith('.zst') ? createZstdDecompress() : undefined
  if (unpacker === undefined) {
    yield* bytes
    return
  }
  bytes.on('error', (error) => unpacker.destroy(error))
  try {
    yield* bytes.pipe(unpacker)
  } catch (cause) {
    throw new TitianError('bad-request', `${file} is damaged: it cannot be unpacked`, { cause })
  }
}
