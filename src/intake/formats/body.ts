import { createHash } from 'node:crypto'
import { TitianError } from '../../domain/error.ts'
import { type ContentEncoding, unpack } from './unpack.ts'

export type BodyLimits = {
  /** Bytes as sent, at most. */
  packedBytes: number
  /** Bytes after decompression, at most. */
  unpackedBytes: number
  /** Unpacked bytes for each packed one, at most, once `ratioFrom` unpacked bytes have come. */
  ratio: number
  ratioFrom: number
}

/** A body on its way in: its unpacked pieces, and after they are read what was received. */
export type Body = {
  pieces: AsyncGenerator<Buffer>
  received(): { bytes: number; sha256: Buffer }
}

/**
 * Reads and unpacks a body as it streams, counting both sides; `watch` sees every piece as it was sent. Throws `body-too-large`,
 * `body-bomb`, or `body-broken` for what is cut off, damaged or goes on behind its end.
 */
export function readBody(
  source: AsyncIterable<Buffer>,
  encoding: ContentEncoding,
  limits: BodyLimits,
  watch: (piece: Buffer) => void,
): Body {
  const sha256 = createHash('sha256')
  let packed = 0
  let digest: Buffer | undefined

  async function* counted(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of source) {
        packed += piece.length
        if (packed > limits.packedBytes) throw new TitianError('body-too-large')
        sha256.update(piece)
        watch(piece)
        yield piece
      }
    } catch (error) {
      throw error instanceof TitianError
        ? error
        : new TitianError('body-broken', 'the upload broke off', { cause: error })
    }
  }

  async function* bounded(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let unpacked = 0
    for await (const piece of pieces) {
      unpacked += piece.length
      if (unpacked > limits.unpackedBytes) {
        throw new TitianError(encoding === 'identity' ? 'body-too-large' : 'body-bomb', 'too many bytes unpacked')
      }
      if (unpacked > limits.ratioFrom && unpacked > packed * limits.ratio) {
        throw new TitianError('body-bomb', 'the compression ratio passes the limit')
      }
      yield piece
    }
  }

  return {
    pieces: bounded(unpack(counted(), encoding)),
    received() {
      digest ??= sha256.digest()
      return { bytes: packed, sha256: digest }
    },
  }
}
