import { promisify } from 'node:util'
import { constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { CleanEntry, CleanedEntry, RawEntry } from '../../domain/entry.ts'
import { aad, type Vault } from '../../trust/keys/vault.ts'
import { readCleanedText, withoutRecords, writeCleaned } from './cleaned-text.ts'
import { unpackEntries } from './packing.ts'

/** What binds sealed bytes to their row: they open as this chunk of this platform and as nothing else. */
export type ChunkName = { id: string; platform: string }

const compress = promisify(zstdCompress)
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Seals the source records of a chunk, packed by `packEntries`, as `chunk.raw` keeps them: zstd, then the vault. */
export async function sealRaw(vault: Pick<Vault, 'seal'>, chunk: ChunkName, packed: Buffer): Promise<Buffer> {
  return vault.seal(await compress(packed, FAST), aadOf(chunk, 'raw'))
}

/** The reverse of `sealRaw`; throws `sealed-invalid` on bytes of another chunk and a RangeError on bytes that are not packed. */
export function openRaw(vault: Pick<Vault, 'open'>, chunk: ChunkName, sealed: Buffer): RawEntry[] {
  return unpackEntries(zstdDecompressSync(vault.open(sealed, aadOf(chunk, 'raw'))))
}

/** Seals the cleaned entries of a chunk as `chunk.cleaned` keeps them: text, zstd, then the vault. */
export function sealCleaned(vault: Pick<Vault, 'seal'>, chunk: ChunkName, entries: readonly CleanEntry[]): Buffer {
  return vault.seal(zstdCompressSync(writeCleaned(entries), FAST), aadOf(chunk, 'cleaned'))
}

/** The reverse of `sealCleaned`; throws `sealed-invalid` on bytes of another chunk. */
export function openCleaned(vault: Pick<Vault, 'open'>, chunk: ChunkName, sealed: Buffer): CleanedEntry[] {
  return readCleanedText(zstdDecompressSync(vault.open(sealed, aadOf(chunk, 'cleaned'))).toString('utf8'))
}

/** The sealed entries of a chunk, sealed anew without what some lines say. Throws `sealed-invalid` on bytes of another chunk. */
export function resealWithout(
  vault: Pick<Vault, 'open' | 'seal'>,
  chunk: ChunkName,
  sealed: Buffer,
  gone: ReadonlySet<number>,
): Buffer {
  const text = zstdDecompressSync(vault.open(sealed, aadOf(chunk, 'cleaned'))).toString('utf8')
  return vault.seal(zstdCompressSync(withoutRecords(text, gone), FAST), aadOf(chunk, 'cleaned'))
}

function aadOf({ id, platform }: ChunkName, column: 'raw' | 'cleaned'): string {
  return aad(platform, 'chunk', id, column)
}
