import type { PoolClient } from 'pg'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { CHUNK, firstStateOf, STAGE } from '../domain/states.ts'
import { newId } from '../io/ids.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { readRaw } from './chunks/content.sql.ts'
import { packEntries } from './chunks/packing.ts'
import { sealRaw } from './chunks/sealed-chunk.ts'
import { ENGINE_FINDINGS } from './findings.ts'
import { saveReport } from './report.sql.ts'
import type { ClaimedChunk } from './stage.ts'

/** How often a lone entry is tried beyond the limit: an outage may only have looked like its fault. */
const LAST_TRIES = 3

/**
 * Makes the function that cuts a chunk which keeps killing its worker into two halves that start over. One entry that is left
 * alone is held after some more tries. The function runs inside the fenced transaction; false means: try the chunk again.
 */
export function chunkBisector({ vault, poisonClaims }: { vault: Vault; poisonClaims: number }) {
  return async (tx: PoolClient, chunk: ClaimedChunk): Promise<boolean> => {
    const entries = await readRaw(tx, vault, chunk)
    // A steward's decision has no records to cut: it is tried until it is done.
    if (entries === undefined) return false
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

async function restartWith(tx: PoolClient, vault: Vault, chunk: ClaimedChunk, entries: RawEntry[]): Promise<void> {
  const raw = await sealRaw(vault, chunk, packEntries(entries))
  await tx.query(sql`delete from report where chunk = ${chunk.id}`)
  await tx.query(sql`
    update chunk
    set entries = ${entries.length}, raw = ${raw}, cleaned = null,
      state = ${firstStateOf(chunk.kind)}, epoch = epoch + 1, lease_until = null, dispatched_at = null, attempts = 0, due_at = now(),
      new = 0, updated = 0, unchanged = 0, rejected = 0, held = 0
    where id = ${chunk.id}`)
}

async function insertRest(tx: PoolClient, vault: Vault, chunk: ClaimedChunk, entries: RawEntry[]): Promise<void> {
  const id = newId('chk')
  const raw = await sealRaw(vault, { id, platform: chunk.platform }, packEntries(entries))
  await tx.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, raw, dataset_version)
    values (${id}, ${chunk.batch}, ${chunk.platform}, ${entries[0]?.line ?? 0}, ${entries.length}, ${firstStateOf(chunk.kind)},
      ${raw}, ${chunk.datasetVersion})`)
}

async function holdEntry(tx: PoolClient, { id, batch }: ClaimedChunk, line: number): Promise<void> {
  const { severity } = ENGINE_FINDINGS['entry-poison']
  const findings: EntryFinding[] = [{ line, code: 'entry-poison', severity, path: '' }]
  await saveReport(tx, id, STAGE.clean.name, encodeReport(findings), countCodes(findings))
  await tx.query(sql`
    insert into entry (batch, line, chunk, key_index, outcome) values (${batch}, ${line}, ${id}, null, 'held')`)
  await tx.query(sql`
    update chunk
    set state = ${CHUNK.settled}, epoch = epoch + 1, lease_until = null, dispatched_at = null, attempts = 0,
      new = 0, updated = 0, unchanged = 0, rejected = 0, held = 1, settled_at = clock_timestamp()
    where id = ${id}`)
}
