import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Change } from '../../domain/change.ts'

/** The stored form of a delivery's changes: NDJSON under zstd, without a personal value. */
export function encodeChanges(changes: readonly Change[]): Buffer {
  return zstdCompressSync(changes.map((change) => `${JSON.stringify(change)}\n`).join(''))
}

/** The reverse of `encodeChanges`. */
export function decodeChanges(stored: Uint8Array): Change[] {
  const text = zstdDecompressSync(stored).toString()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
