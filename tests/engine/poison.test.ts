import { expect, it } from 'vitest'
import { chunkBisector } from '../../src/engine/poison.db.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'
import { runnerDeps } from '../support/running.ts'
import { poisonedChunk } from './poisoned-chunk.ts'

it('cuts a poisonous chunk until the one entry is held and all others have passed', async () => {
  await using db = await freshDatabase()
  const vault = openVault(createKeyRing(new Date()))
  await using deps = runnerDeps(db, { bisect: chunkBisector({ vault, poisonClaims: 3 }) })
  const poisoned = await poisonedChunk(db, vault, 7, () => {
    throw new Error('dead')
  })
  expect(await poisoned.settle(deps)).toBeLessThan(100)
  expect(await poisoned.outcome()).toEqual(poisoned.expected)
})

it('never gives up what Titian itself decided, which has no record to be cut from', async () => {
  await using db = await freshDatabase()
  const bisect = chunkBisector({ vault: openVault(createKeyRing(new Date())), poisonClaims: 3 })
  const { batch, chunk } = await receiveBatch(db.pool, { platform: 'titian' })
  await db.pool.query('update chunk set raw = null where id = $1', [chunk])
  const claimed = {
    id: chunk,
    batch,
    kind: 'decision' as const,
    platform: 'titian',
    dataset: 'link-decision',
    datasetVersion: '1',
    agreement: 'titian',
    receiptOrder: '1',
    firstLine: 1,
    entries: 1,
    epoch: 9,
    attempts: 99,
    isReleased: false,
    isSnapshot: false,
  }
  expect(await inTransaction(db.pool, (tx) => bisect(tx, claimed))).toBe(false)
})
