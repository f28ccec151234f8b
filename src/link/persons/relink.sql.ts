import type { PoolClient } from 'pg'
import type { BatchId, ChunkId } from '../../domain/ids.ts'
import { encodeClean } from '../../engine/cleaned.ts'
import { sql } from '../../io/postgres/sql.ts'
import { aad, type Vault } from '../../trust/keys/vault.ts'
import { OWN_AGREEMENT, OWN_DATASETS, OWN_PLATFORM } from '../review/decision.sql.ts'
import { personKeysAfter } from '../subjects/source.sql.ts'
import { entriesOfRecords } from './relink.ts'

const RECORDS_OF_A_CHUNK = 2000

/** The batch that judges again and is not settled yet; who asks at the same time waits, so that there is one at most. */
export async function findRelink(tx: PoolClient): Promise<{ batch: BatchId; records: number } | undefined> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian relink'))`)
  const { rows } = await tx.query<{ batch: BatchId; records: number }>(sql`
    select id as batch, received as records from batch
    where platform = ${OWN_PLATFORM} and dataset = ${OWN_DATASETS.again} and state <> 'settled'
    order by created_at limit 1`)
  return rows[0]
}

/**
 * Opens a batch that judges every record of a person again, by the model that the workers have by then, and says how many there
 * are. Records that come meanwhile are judged by it as they come.
 */
export async function openRelink(
  tx: PoolClient,
  vault: Pick<Vault, 'seal'>,
  { batch, newChunk }: { batch: BatchId; newChunk: () => ChunkId },
): Promise<number> {
  await tx.query(sql`
    insert into batch (id, platform, dataset, dataset_version, agreement, idempotency_key)
    values (${batch}, ${OWN_PLATFORM}, ${OWN_DATASETS.again}, '1', ${OWN_AGREEMENT}, ${batch})`)
  let records = 0
  let after = ''
  for (;;) {
    const keys = await personKeysAfter(tx, after, RECORDS_OF_A_CHUNK)
    if (keys.length === 0) break
    after = keys.at(-1) ?? after
    const chunk = newChunk()
    const entries = entriesOfRecords(keys, records + 1)
    const cleaned = vault.seal(encodeClean(entries), aad(OWN_PLATFORM, 'chunk', chunk, 'cleaned'))
    await tx.query(sql`
      insert into chunk (id, batch, platform, first_line, entries, state, cleaned)
      values (${chunk}, ${batch}, ${OWN_PLATFORM}, ${records + 1}, ${keys.length}, 'clean', ${cleaned})`)
    records += keys.length
  }
  await tx.query(sql`
    update batch
    set state = ${records === 0 ? 'settled' : 'received'}, receipt_order = nextval('batch_order'), received = ${records},
      payload_sha256 = sha256(convert_to(id, 'UTF8')), received_at = now()
    where id = ${batch}`)
  return records
}
