import type { PoolClient } from 'pg'
import type { CleanedEntry, RawEntry } from '../../domain/entry.ts'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { sourceKey } from '../../domain/keys.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { packEntries } from '../chunks/packing.ts'
import { openCleaned, openRaw, resealWithout, sealRaw } from '../chunks/sealed-chunk.ts'
import { type KeptChunk, readChunksById, readHoldingChunks, replaceEntries } from './erase.sql.ts'
import { ERASED, linesHolding, type Sought } from './holding.ts'

type EraseVault = Pick<Vault, 'open' | 'seal' | 'indexText'>

/** What was done in a page of chunks: entries destroyed, chunks that must be looked at again, and where to go on; null at the end. */
export type ErasedPage = { entries: number; waiting: number; next: ChunkId | null }

/**
 * Destroys the entries that hold a person, in the chunks after one. Lines, counts and ledger stay as they are: in the place of the text
 * stands the finding `subject-erased`. A chunk that is not settled, or without its receipt, waits.
 */
export async function erasePage(
  tx: PoolClient,
  vault: EraseVault,
  sought: Sought,
  { after, limit }: { after: string; limit: number },
): Promise<ErasedPage> {
  const chunks = await readHoldingChunks(tx, after, limit)
  const page: ErasedPage = { entries: 0, waiting: 0, next: chunks.length < limit ? null : (chunks.at(-1)?.id ?? null) }
  for (const chunk of chunks) {
    const opened = openChunk(vault, chunk)
    const indexOf = ({ level, key }: CleanedEntry['records'][number]) =>
      vault.indexText('key', sourceKey(chunk.platform, chunk.dataset, level, key))
    const lines = linesHolding({ batch: chunk.batch, ...opened }, sought, indexOf)
    if (lines.size === 0) continue
    if (await eraseLines(tx, vault, chunk, opened, lines)) page.entries += lines.size
    else page.waiting += 1
  }
  return page
}

/** Destroys entries of some chunks by their lines; gives the chunks where it is done, or where nothing is left to be destroyed. */
export async function erasePlaces(
  tx: PoolClient,
  vault: EraseVault,
  places: readonly { batch: BatchId; chunk: ChunkId; line: number }[],
): Promise<ChunkId[]> {
  const byChunk = Map.groupBy(places, ({ chunk }) => chunk)
  const chunks = new Map((await readChunksById(tx, [...byChunk.keys()])).map((chunk) => [chunk.id, chunk]))
  const done: ChunkId[] = []
  for (const [id, found] of byChunk) {
    const chunk = chunks.get(id)
    const lines = new Set(found.map(({ line }) => line))
    if (chunk === undefined || (await eraseLines(tx, vault, chunk, openChunk(vault, chunk), lines))) done.push(id)
  }
  return done
}

type Opened = { raw: RawEntry[]; cleaned: CleanedEntry[] }

function openChunk(vault: Pick<Vault, 'open'>, chunk: KeptChunk): Opened {
  return {
    raw: chunk.raw === null ? [] : openRaw(vault, chunk, chunk.raw),
    cleaned: chunk.cleaned === null ? [] : openCleaned(vault, chunk, chunk.cleaned),
  }
}

async function eraseLines(
  tx: PoolClient,
  vault: EraseVault,
  chunk: KeptChunk,
  { raw }: Opened,
  lines: ReadonlySet<number>,
): Promise<boolean> {
  if (!chunk.isSettled) return false
  const left = raw.map((entry) =>
    lines.has(entry.line) ? { line: entry.line, form: 'refused' as const, text: ERASED } : entry,
  )
  return replaceEntries(
    tx,
    {
      id: chunk.id,
      raw: chunk.raw && (await sealRaw(vault, chunk, packEntries(left))),
      cleaned: chunk.cleaned && resealWithout(vault, chunk, chunk.cleaned, lines),
    },
    chunk,
  )
}
