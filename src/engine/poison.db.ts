import type { PoolClient } from 'pg'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { BATCH_KINDS } from '../domain/states.ts'
import { newId } from '../io/ids.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { readRaw } from './chunks/content.sql.ts'
import { packEntries } from './chunks/packing.ts'
import { type ChunkName, sealRaw } from './chunks/sealed-chunk.ts'
import { ENGINE_FINDINGS } from './findings.ts'
import { type ChunkPart, holdLine, insertPart, restartChunk } from './poison.sql.ts'
import { saveReport } from './report.sql.ts'
import type { ClaimedChunk } from './stage.ts'

/** How often a lone entry is tried beyond the limit: an outage may only have looked like its fault. */
const LAST_TRIES = 3
/** How often an entry may get stuck by itself: a busy machine is not its fault. */
const STUCK_TRIES = 2

/**
 * Makes the function that cuts a chunk which keeps killing its worker into two halves that start over. One entry that is left
 * alone is held after some more tries. The function runs inside the fenced transaction; false means: try the chunk again.
 */
export function chunkBisector({ vault, poisonClaims }: { vault: Vault; poisonClaims: number }) {
  return async (tx: PoolClient, chunk: ClaimedChunk): Promise<boolean> => {
    const entries = await readRaw(tx, vault, chunk)
    // What a steward decided has no records to cut, and keeps nobody waiting: it is tried until it is done.
    if (entries === undefined) return chunk.kind === 'withdrawal' && partWithdrawal(tx, chunk, poisonClaims)
    const [first] = entries
    if (first === undefined) throw new TitianError('sealed-invalid', `${chunk.id} holds no entries`)
    if (entries.length > 1) {
      const middle = Math.ceil(entries.length / 2)
      await restartWith(tx, vault, chunk, entries.slice(0, middle))
      await insertRest(tx, vault, chunk, entries.slice(middle))
      return true
    }
    if (chunk.attempts <= poisonClaims + LAST_TRIES) return false
    await holdEntry(tx, chunk, first.line)
    return true
  }
}

/**
 * Makes the function that parts a chunk from the entry that got stuck: what stood before it, the entry, and what stood behind it
 * start over as chunks of their own. A lone entry gets stuck some times more and is held then. It runs inside the fenced
 * transaction and answers false for "try it again".
 */
export function entryIsolator({ vault }: { vault: Vault }) {
  return async (tx: PoolClient, chunk: ClaimedChunk, line: number): Promise<boolean> => {
    const entries = await readRaw(tx, vault, chunk)
    const at = entries?.findIndex((entry) => entry.line === line) ?? -1
    if (entries === undefined || at === -1) throw new TitianError('sealed-invalid', `${chunk.id} has no line ${line}`)
    if (entries.length === 1) {
      if (chunk.attempts < STUCK_TRIES) return false
      await holdEntry(tx, chunk, line)
      return true
    }
    const parts = [entries.slice(0, at), entries.slice(at, at + 1), entries.slice(at + 1)]
    const [first = [], ...others] = parts.filter(({ length }) => length > 0)
    await restartWith(tx, vault, chunk, first)
    for (const part of others) await insertRest(tx, vault, chunk, part)
    return true
  }
}

/** Cuts a withdrawal that fails again and again; the one line that is left is held, since pushes of its dataset wait for it. */
async function partWithdrawal(tx: PoolClient, chunk: ClaimedChunk, poisonClaims: number): Promise<boolean> {
  const { firstLine, entries } = chunk
  if (entries > 1) {
    const half = Math.ceil(entries / 2)
    await restartChunk(tx, chunk, { firstLine, entries: half, raw: null })
    await insertPart(tx, newId('chk'), chunk, { firstLine: firstLine + half, entries: entries - half, raw: null })
    return true
  }
  if (chunk.attempts <= poisonClaims + LAST_TRIES) return false
  await holdEntry(tx, chunk, firstLine, 'withdrawal-stuck')
  return true
}

async function restartWith(tx: PoolClient, vault: Vault, chunk: ClaimedChunk, entries: RawEntry[]): Promise<void> {
  await restartChunk(tx, chunk, await sealPart(vault, chunk, entries))
}

async function insertRest(tx: PoolClient, vault: Vault, chunk: ClaimedChunk, entries: RawEntry[]): Promise<void> {
  const id = newId('chk')
  await insertPart(tx, id, chunk, await sealPart(vault, { id, platform: chunk.platform }, entries))
}

async function sealPart(vault: Vault, chunk: ChunkName, entries: RawEntry[]): Promise<ChunkPart> {
  const raw = await sealRaw(vault, chunk, packEntries(entries))
  return { firstLine: entries[0]?.line ?? 0, entries: entries.length, raw }
}

async function holdEntry(
  tx: PoolClient,
  chunk: ClaimedChunk,
  line: number,
  code: 'entry-poison' | 'withdrawal-stuck' = 'entry-poison',
): Promise<void> {
  const findings: EntryFinding[] = [{ line, code, severity: ENGINE_FINDINGS[code].severity, path: '' }]
  await saveReport(tx, chunk.id, BATCH_KINDS[chunk.kind].stages[0], encodeReport(findings), countCodes(findings))
  await holdLine(tx, chunk, line)
}
