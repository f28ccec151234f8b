import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { sealCleaned } from '../../engine/chunks/sealed-chunk.ts'
import { addOwnChunk, closeOwnBatch, OWN_PLATFORM, type OwnBatch, openOwnBatch } from '../../engine/own-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { personKeysAfter } from '../subjects/source.sql.ts'
import type { Index } from '../subjects/subject.ts'
import { entriesOfRecords } from './relink.ts'

const RECORDS_OF_A_CHUNK = 2000

/**
 * Opens a batch that judges every record of a person again, by the model that the workers have by then, and says how many there
 * are. Records that come meanwhile are judged by it as they come.
 */
export async function openRelink(
  tx: PoolClient,
  vault: Pick<Vault, 'seal'>,
  { batch, newChunk }: { batch: BatchId; newChunk: () => ChunkId },
): Promise<number> {
  await withIndexes(tx)
  const own: OwnBatch = { id: batch, kind: 'relink' }
  await openOwnBatch(tx, own)
  let records = 0
  let after = ''
  for (;;) {
    const keys = await personKeysAfter(tx, after, RECORDS_OF_A_CHUNK)
    if (keys.length === 0) break
    after = keys.at(-1) ?? after
    await addRecords(tx, vault, own, { id: newChunk(), keys, firstLine: records + 1 })
    records += keys.length
  }
  await closeOwnBatch(tx, own, records)
  return records
}

/** Opens a batch about some stored records, an entry for each, ready to be linked. */
export async function openOwnRecords(
  tx: PoolClient,
  vault: Pick<Vault, 'seal'>,
  own: OwnBatch,
  keys: readonly Index[],
): Promise<void> {
  await openOwnBatch(tx, own)
  for (let at = 0; at < keys.length; at += RECORDS_OF_A_CHUNK) {
    const some = keys.slice(at, at + RECORDS_OF_A_CHUNK)
    await addRecords(tx, vault, own, { id: newId('chk'), keys: some, firstLine: at + 1 })
  }
  await closeOwnBatch(tx, own, keys.length)
}

async function addRecords(
  tx: PoolClient,
  vault: Pick<Vault, 'seal'>,
  own: OwnBatch,
  { id, keys, firstLine }: { id: ChunkId; keys: readonly Index[]; firstLine: number },
): Promise<void> {
  const cleaned = sealCleaned(vault, { id, platform: OWN_PLATFORM }, entriesOfRecords(keys, firstLine))
  await addOwnChunk(tx, own, { id, firstLine, entries: keys.length, cleaned })
}
