import { createHash, randomBytes } from 'node:crypto'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { TitianError } from '../../../src/domain/error.ts'
import { type BodyLimits, readBody } from '../../../src/intake/formats/body.ts'
import type { ContentEncoding } from '../../../src/intake/formats/unpack.ts'

const LIMITS: BodyLimits = { packedBytes: 1e6, unpackedBytes: 1e6, ratio: 50, ratioFrom: 100_000 }
const TEXT = randomBytes(3000).toString('hex')
// With a checksum, as the zstd command line writes it; without one damage shows only by a Content-Digest.
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } }
const PACK = {
  identity: (bytes: Buffer) => bytes,
  gzip: (bytes: Buffer) => gzipSync(bytes),
  zstd: (bytes: Buffer) => zstdCompressSync(bytes, CHECKED),
}

/** What came out, or the code of what was thrown, fed in pieces of so many bytes. */
async function outcome(packed: Buffer, encoding: ContentEncoding, limits: Partial<BodyLimits> = {}, size = 1000) {
  const source = (async function* () {
    for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size)
  })()
  const pieces: Buffer[] = []
  try {
    const body = readBody(source, encoding, { ...LIMITS, ...limits }, () => undefined)
    for await (const piece of body.pieces) pieces.push(piece)
    return { text: Buffer.concat(pieces).toString(), ...body.received() }
  } catch (error) {
    if (error instanceof TitianError) return error.code
    throw error
  }
}

describe.for(['identity', 'gzip', 'zstd'] as const)('a body as %s', (encoding) => {
  const packed = Buffer.from(PACK[encoding](Buffer.from(TEXT)))

  it.for([1, 7, 1000, 1e6])('is unpacked, counted and digested as sent, in pieces of %i bytes', async (size) => {
    const sha256 = createHash('sha256').update(packed).digest()
    expect(await outcome(packed, encoding, {}, size)).toEqual({ text: TEXT, bytes: packed.length, sha256 })
  })

  it('is refused beyond the limit of bytes as sent', async () => {
    expect(await outcome(packed, encoding, { packedBytes: packed.length })).toHaveProperty('text')
    expect(await outcome(packed, encoding, { packedBytes: packed.length - 1 })).toBe('body-too-large')
  })
})

describe.for(['gzip', 'zstd'] as const)('a body under %s', (encoding) => {
  const pack = (text: string | Buffer) => Buffer.from(PACK[encoding](Buffer.from(text)))

  it.for<[name: string, bytes: Buffer]>([
    ['cut off', pack(TEXT).subarray(0, -5)],
    ['something else', Buffer.from(TEXT)],
    ['followed by something else', Buffer.concat([pack(TEXT), Buffer.from('rest')])],
    ['followed by zeros and something else', Buffer.concat([pack(TEXT), Buffer.alloc(9), Buffer.from('rest')])],
    ['followed by zeros and another of its kind', Buffer.concat([pack(TEXT), Buffer.alloc(9), pack(TEXT)])],
    ['followed by another that is cut off', Buffer.concat([pack(TEXT), pack(TEXT).subarray(0, -5)])],
    ['damaged', Buffer.from(pack(TEXT).map((byte, at) => (at === 2000 ? byte ^ 0xff : byte)))],
  ])('is broken when it is %s', async ([, bytes]) => {
    for (const size of [1, 1000, 1e6]) expect(await outcome(bytes, encoding, {}, size)).toBe('body-broken')
  })

  it('may have several parts, empty ones among them', async () => {
    const parts = Buffer.concat([pack(TEXT), pack(''), pack(TEXT)])
    for (const size of [1, 1000, 1e6])
      expect(await outcome(parts, encoding, {}, size)).toMatchObject({ text: TEXT + TEXT })
  })

  it('is a bomb beyond the limit of unpacked bytes, and beyond the ratio', async () => {
    const zeros = pack(Buffer.alloc(5_000_000))
    expect(await outcome(zeros, encoding, { ratio: 1e9 })).toBe('body-bomb')
    expect(await outcome(zeros, encoding, { unpackedBytes: 1e9 })).toBe('body-bomb')
    expect(await outcome(pack(Buffer.alloc(90_000)), encoding)).toHaveProperty('bytes')
  })
})

it('calls a source that breaks off broken', async () => {
  const source = (async function* () {
    yield Buffer.from('{')
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
  })()
  const body = readBody(source, 'identity', LIMITS, () => undefined)
  const reading = (async () => {
    for await (const _piece of body.pieces);
  })()
  await expect(reading).rejects.toMatchObject({ code: 'body-broken' })
})

it('takes zeros behind the last member of gzip, however many there are', async () => {
  const padded = Buffer.concat([gzipSync(TEXT), gzipSync(TEXT), Buffer.alloc(200_000)])
  const sha256 = createHash('sha256').update(padded).digest()
  for (const size of [7, 1000, 1e6])
    expect(await outcome(padded, 'gzip', {}, size)).toEqual({ text: TEXT + TEXT, bytes: padded.length, sha256 })
})
