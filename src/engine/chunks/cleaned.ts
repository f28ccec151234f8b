import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { CleanEntry } from '../../domain/entry.ts'

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** The cleaned entries of a chunk as bytes, ready to be sealed: zstd of JSON. */
export function encodeClean(entries: readonly CleanEntry[]): Buffer {
  return zstdCompressSync(JSON.stringify(entries), LEVEL)
}

/** The reverse of `encodeClean`; throws on bytes that it did not write. */
export function decodeClean(bytes: Buffer): CleanEntry[] {
  return JSON.parse(zstdDecompressSync(bytes).toString('utf8')) as CleanEntry[]
}
