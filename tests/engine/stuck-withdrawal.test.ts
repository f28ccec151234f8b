import type { Pool } from 'pg'
import { expect, it } from 'vitest'
import type { BatchId, ChunkId } from '../../src/domain/ids.ts'
import { chunkBisector } from '../../src/engine/poison.db.ts'
import { releaseBatch } from '../../src/engine/release/release.db.ts'
import type { ClaimedChunk } from '../../src/engine/stage.ts'
import { isWithdrawalAhead } from '../../src/engine/withdrawals/order.sql.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { freshDatabase } from '../support/database.ts'
import { insertBatch, insertChunk } from '../support/fixtures/rows.ts'

const vault = openVault(createKeyRing(new Date()))
const PLACE = { platform: 'sumedang', dataset: 'sumedang', receiptOrder: '1000000', isSnapshot: false }
const limits = { records: 2000, bytes: 1_000_000 }

type Row = { id: ChunkId; state: string; firstLine: number; entries: number; held: number }

async function chunksOf(db: Pool, batch: BatchId): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    'select id, state, first_line as "firstLine", entries, held from chunk where batch = $1 order by first_line',
    [batch],
  )
  return rows
}

/** A chunk as the runner has it that failed so often. */
function failed(batch: BatchId, { id, firstLine, entries }: Row, attempts: number): ClaimedChunk {
  const of = { kind: 'withdrawal' as const, platform: PLACE.platform, dataset: PLACE.dataset, datasetVersion: '1' }
  return {
    ...of,
    id,
    batch,
    agreement: 'PKS-1',
    receiptOrder: '1',
    firstLine,
    entries,
    epoch: 9,
    attempts,
    isReleased: false,
    isSnapshot: false,
  }
}

it('holds the lines of a withdrawal that fails for ever, lets later pushes pass, and starts over when they are released', async () => {
  await using db = await freshDatabase()
  const of = { platform: PLACE.platform, dataset: PLACE.dataset }
  const { id: batch } = await insertBatch(db.pool, { ...of, kind: 'withdrawal', received: 3, as_of: 5 })
  await insertChunk(db.pool, { batch, platform: of.platform, first_line: 1, entries: 3, state: 'clean', raw: null })
  expect(await isWithdrawalAhead(db.pool, PLACE)).toBe(true)

  const bisect = chunkBisector({ vault, poisonClaims: 3 })
  const fail = async (attempts: number) => {
    for (const row of await chunksOf(db.pool, batch))
      if (row.state !== 'settled') await inTransaction(db.pool, (tx) => bisect(tx, failed(batch, row, attempts)))
  }
  await fail(4)
  expect((await chunksOf(db.pool, batch)).map(({ firstLine, entries }) => [firstLine, entries])).toEqual([
    [1, 2],
    [3, 1],
  ])
  await fail(4)
  await fail(5)
  const parted = await chunksOf(db.pool, batch)
  expect(parted.map(({ state, entries }) => [state, entries])).toEqual(Array(3).fill(['clean', 1]))
  await fail(7)
  expect((await chunksOf(db.pool, batch)).map(({ state, held }) => [state, held])).toEqual(
    Array(3).fill(['settled', 1]),
  )
  const { rows: found } = await db.pool.query('select counts from report order by chunk')
  expect(found.map(({ counts }) => Object.keys(counts))).toEqual(Array(3).fill(['withdrawal-stuck']))
  expect(await isWithdrawalAhead(db.pool, PLACE)).toBe(false)

  const registry = { datasets: new Map(), versions: new Map() }
  const deps = { db: db.pool, vault, registry, limits, crash: () => undefined }
  expect(await releaseBatch(deps, { batch, actor: 'ops', codes: undefined, wantReason: new Set() })).toEqual({
    released: 3,
    chunks: 3,
    gone: 0,
    kept: 0,
  })
  expect((await chunksOf(db.pool, batch)).map(({ state, held }) => [state, held])).toEqual(Array(3).fill(['clean', 0]))
  const { rows } = await db.pool.query('select count(*)::int as entries from entry where batch = $1', [batch])
  expect(rows).toEqual([{ entries: 0 }])
  expect(await isWithdrawalAhead(db.pool, PLACE)).toBe(true)
})
