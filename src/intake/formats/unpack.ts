import { constants, createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib'
import { TitianError } from '../../domain/error.ts'

export const CONTENT_ENCODINGS = ['identity', 'gzip', 'zstd'] as const
export type ContentEncoding = (typeof CONTENT_ENCODINGS)[number]

// RFC 9659: a window of at most 8 MB for zstd as a content coding; it bounds the memory of one upload.
const ZSTD_WINDOW_LOG = 23

/**
 * Unpacks bytes as they stream, wherever they come from. A gzip file may have several members (RFC 1952, 2.2) and zeros behind the
 * last, as tape blocks leave; a zstd file several frames. Throws `body-broken` for what is cut off, damaged, or goes on with other bytes.
 */
export async function* unpack(packed: AsyncIterable<Buffer>, encoding: ContentEncoding): AsyncGenerator<Buffer> {
  if (encoding === 'identity') {
    yield* packed
    return
  }
  const unpacker: Gunzip | ZstdDecompress =
    encoding === 'gzip'
      ? createGunzip()
      : createZstdDecompress({
          rejectGarbageAfterEnd: true,
          params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
        })
  const feeding = feed(packed, unpacker)
  try {
    yield* unpacker
    const lastByte = await feeding
    if (lastByte instanceof Error) throw lastByte
    if (encoding === 'gzip' && lastByte >= unpacker.bytesWritten) throw new Error('bytes follow the last member')
  } catch (error) {
    const cause = unpacker.errored === error ? await feeding : error
    if (cause instanceof TitianError) throw cause
    throw new TitianError('body-broken', 'the compressed body is cut off or damaged', { cause })
  } finally {
    unpacker.destroy()
  }
}

/**
 * Writes everything into an unpacker, and goes on reading when that has ended. Answers where the last byte that is not zero stands, or
 * what broke the source.
 */
async function feed(packed: AsyncIterable<Buffer>, unpacker: Gunzip | ZstdDecompress): Promise<number | Error> {
  let read = 0
  let lastByte = -1
  let state: 'open' | 'ended' | 'closed' = 'open'
  let wake: () => void = () => undefined
  unpacker.once('end', () => {
    state = 'ended'
    wake()
  })
  unpacker.once('close', () => {
    if (state === 'open') state = 'closed'
    wake()
  })
  unpacker.on('drain', () => wake())
  const now = () => state
  try {
    for await (const piece of packed) {
      for (let at = piece.length - 1; at >= 0 && lastByte < read; at -= 1) if (piece[at] !== 0) lastByte = read + at
      read += piece.length
      if (now() === 'open' && !unpacker.write(piece) && now() === 'open') {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (now() === 'closed') break
    }
    if (now() === 'open') unpacker.end()
    return lastByte
  } catch (error) {
    unpacker.destroy(error as Error)
    return error as Error
  }
}
