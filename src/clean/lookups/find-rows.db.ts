import type { Pool } from 'pg'
import type { Lookup } from '../../domain/dataset.ts'
import type { ChunkId } from '../../domain/ids.ts'
import type { Cleaner, FoundRows, LookupPlace, SealedChunk } from '../../engine/cleaner.ts'
import {
  findRows,
  markKept,
  noteUse,
  readLookupFiles,
  readMissingChunks,
  readSourceRecords,
  saveRows,
} from '../../engine/lookups/lookup.sql.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'

export type FindingDeps = {
  db: Pool
  cleaner: Pick<Cleaner, 'keysOf' | 'rowsOf'>
  crash(point: string): void
  /** Below 1; spreads workers over the chunks that are to be read. */
  random(): number
}

// Chunks may be added meanwhile, by a release; so often it is looked again before the chunk waits.
const LOOKS = 3
const LATER_SECONDS = 1

/**
 * Finds what the records of a chunk look up in the other files of its submission. Rows of chunks that nobody has kept yet are kept
 * first, a chunk in each transaction, so that whoever is killed has lost one. Undefined for a batch that came alone.
 */
export async function rowsFor(
  { batch, dataset, datasetVersion }: ClaimedChunk,
  chunk: SealedChunk,
  lookups: readonly Lookup[],
  deps: FindingDeps,
  signal: AbortSignal,
): Promise<
  { is: 'found'; rows: FoundRows | undefined } | { is: 'later'; seconds: number } | { is: 'stuck'; line: number }
> {
  const { db, cleaner } = deps
  const sources = await readLookupFiles(db, batch, [...new Set(lookups.map((lookup) => lookup.dataset))])
  if (sources === undefined) return { is: 'found', rows: undefined }
  const place = { submission: sources.submission, reader: `${dataset}@${datasetVersion}` }
  const there = new Set(sources.batches.map((source) => source.dataset))
  const named = lookups.filter((lookup) => there.has(lookup.dataset)).map(({ name }) => name)
  if (named.length === 0) return { is: 'found', rows: { place, lookups: [], rows: [] } }
  const keys = await cleaner.keysOf(place, chunk)
  if (keys.is === 'stuck') return keys
  const batches = sources.batches.map(({ id }) => id)
  await noteUse(db, batch, batches)
  for (let look = 0; look < LOOKS; look += 1) {
    const rows = await findRows(db, place, batches, keys.value)
    if (rows !== undefined) return { is: 'found', rows: { place, lookups: named, rows } }
    for (const missing of fromSomewhere(await readMissingChunks(db, place, batches), deps.random())) {
      signal.throwIfAborted()
      await keepRows(place, missing, deps)
    }
  }
  return { is: 'later', seconds: LATER_SECONDS }
}

/** Several workers begin at different places, and seldom read the same chunk. */
function fromSomewhere<T>(all: readonly T[], random: number): T[] {
  const start = Math.floor(random * all.length)
  return [...all.slice(start), ...all.slice(0, start)]
}

async function keepRows(place: LookupPlace, id: ChunkId, { db, cleaner, crash }: FindingDeps): Promise<void> {
  const source = await readSourceRecords(db, place, id)
  if (source === undefined) return
  const without: number[] = []
  let read = await cleaner.rowsOf(place, { ...source, without })
  // A row that cannot be read in time is not there for others; what is said about it itself is up to its own chunk.
  while (read.is === 'stuck' && !without.includes(read.line)) {
    without.push(read.line)
    read = await cleaner.rowsOf(place, { ...source, without })
  }
  if (read.is === 'stuck') throw new Error(`${id} got stuck at a line that is left out`)
  const rows = read.value
  await inTransaction(db, async (tx) => {
    if (!(await markKept(tx, place, id))) return
    await saveRows(tx, place.submission, rows)
    crash('lookups:before-commit')
  })
  crash('lookups:after-commit')
}
