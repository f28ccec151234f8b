import type { Pool, PoolClient } from 'pg'
import { entryKey } from '../../domain/keys.ts'
import { countCodes, type EntryFinding, encodeReport } from '../../domain/report.ts'
import { type ChunkState, STAGE } from '../../domain/states.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { advanceChunk, fenceChunk, settleBatch } from '../chunk.sql.ts'
import { readCleaned, readRaw } from '../chunks/content.sql.ts'
import { insertEntries } from '../chunks/ledger.sql.ts'
import { noteErasedAgain } from '../erase/again.sql.ts'
import { ENGINE_FINDINGS } from '../findings.ts'
import { saveReport } from '../report.sql.ts'
import type { ClaimedChunk, Stage, StageResult } from '../stage.ts'
import {
  isAnyOpen,
  isKnownState,
  lockStrictChunks,
  readFaults,
  readStrictChunks,
  type StrictChunk,
  settleRefused,
  takeOver,
} from './strict.sql.ts'

export type StrictDeps = { db: Pool; vault: Pick<Vault, 'open' | 'index'>; crash(point: string): void }

/** What became of a strict batch: all of it was saved or refused, it has to wait, or another worker has it. */
export type StrictAnswer = 'done' | 'later' | 'stale'

/** Rolls the work of all chunks back: an entry is rejected or held. */
class Refused extends Error {
  readonly faults: readonly EntryFinding[]
  constructor(faults: readonly EntryFinding[]) {
    super('refused')
    this.faults = faults
  }
}

/**
 * Links a strict batch: all of its chunks in one transaction, or none. Whoever has the first chunk works them all, once all are clean;
 * the others wait. One rejected or held entry, found before or by linking, refuses the batch: every entry is rejected, with the
 * finding `batch-refused` where nothing else rejects it.
 */
export async function workStrict(
  stage: Stage,
  chunk: ClaimedChunk,
  deps: StrictDeps,
  signal: AbortSignal,
): Promise<StrictAnswer> {
  const { db } = deps
  const chunks = await readStrictChunks(db, chunk)
  const open = chunks.filter(({ state }) => !isKnownState(state))
  if (open[0]?.id !== chunk.id || open.some(({ state }) => state !== stage.from)) return 'later'
  const faults = await readFaults(db, chunk.batch)
  if (faults.length > 0 || open.length < chunks.length) return refuse(deps, chunk, chunks, faults)
  const results: Extract<StageResult, { is: 'done' }>[] = []
  for (const one of chunks) {
    const result = await stage.run({ ...one, epoch: chunk.epoch }, signal)
    if (result.is !== 'done') return 'later'
    results.push(result)
  }
  try {
    return await saveAll(deps, chunk, chunks, results)
  } catch (error) {
    if (error instanceof Refused) return refuse(deps, chunk, chunks, error.faults)
    throw error
  }
}

function saveAll(
  { db, crash }: StrictDeps,
  chunk: ClaimedChunk,
  chunks: readonly StrictChunk[],
  results: readonly Extract<StageResult, { is: 'done' }>[],
): Promise<StrictAnswer> {
  return inTransaction(db, async (tx) => {
    if (!(await areOurs(tx, chunk, chunks))) return 'stale'
    const next: ChunkState[] = []
    for (const { save } of results) next.push(await save(tx))
    if (await isAnyOpen(tx, chunk.batch)) throw new Refused(await readFaults(tx, chunk.batch))
    for (const [at, one] of chunks.entries()) {
      const isFirst = one.id === chunk.id
      if (!isFirst) await takeOver(tx, one.id)
      await advanceChunk(tx, { id: one.id, epoch: isFirst ? chunk.epoch : one.epoch + 1 }, next[at] as ChunkState)
    }
    await settleBatch(tx, chunk.batch)
    crash('strict:before-commit')
    return 'done'
  })
}

function refuse(
  { db, vault, crash }: StrictDeps,
  chunk: ClaimedChunk,
  chunks: readonly StrictChunk[],
  faults: readonly EntryFinding[],
): Promise<StrictAnswer> {
  return inTransaction(db, async (tx) => {
    if (!(await areOurs(tx, chunk, chunks))) return 'stale'
    const rejecting = new Set(faults.filter(({ severity }) => severity === 'error').map(({ line }) => line))
    const { severity } = ENGINE_FINDINGS['batch-refused']
    const byLine = Map.groupBy(faults, ({ line }) => line)
    const known = new Set((await readFaults(tx, chunk.batch)).map(nameOf))
    for (const one of chunks) {
      const entries = await entriesOf(tx, vault, one)
      await insertEntries(
        tx,
        one.batch,
        one.id,
        entries.map(({ line, key }) => ({ line, key, outcome: 'rejected' as const })),
      )
      const found = entries.flatMap(({ line }): EntryFinding[] => [
        ...(byLine.get(line) ?? []).filter((fault) => !known.has(nameOf(fault))),
        ...(rejecting.has(line) ? [] : [{ line, code: 'batch-refused', severity, path: '' }]),
      ])
      await noteErasedAgain(tx, { batch: one.batch, chunk: one.id }, found)
      await saveReport(tx, one.id, STAGE.link.name, encodeReport(found), countCodes(found))
    }
    await settleRefused(tx, chunk.batch)
    await settleBatch(tx, chunk.batch)
    crash('strict:before-refuse')
    return 'done'
  })
}

/** Whether this worker still has the first chunk, and all chunks stand as they were read. */
async function areOurs(tx: PoolClient, chunk: ClaimedChunk, chunks: readonly StrictChunk[]): Promise<boolean> {
  const locked = await lockStrictChunks(tx, chunk.batch)
  const isSame =
    locked?.length === chunks.length &&
    chunks.every(({ id, state }, at) => locked[at]?.id === id && locked[at]?.state === state)
  return isSame && (await fenceChunk(tx, chunk))
}

/** The lines of a chunk with the blind indexes of their keys; of one that was never cleaned, without. */
async function entriesOf(
  tx: PoolClient,
  vault: StrictDeps['vault'],
  chunk: StrictChunk,
): Promise<{ line: number; key: string | null }[]> {
  const cleaned = await readCleaned(tx, vault, chunk)
  if (cleaned === undefined) return ((await readRaw(tx, vault, chunk)) ?? []).map(({ line }) => ({ line, key: null }))
  const indexOf = (key: string) => vault.index('key', entryKey(chunk.platform, chunk.dataset, key)).toString('hex')
  return cleaned.map(({ line, key }) => ({ line, key: key === null ? null : indexOf(key) }))
}

function nameOf({ line, code, path }: EntryFinding): string {
  return `${line} ${code} ${path}`
}
