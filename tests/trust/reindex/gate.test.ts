import { describe, expect, it } from 'vitest'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { noteProcess } from '../../../src/io/postgres/process.sql.ts'
import { createKeyRing, rotateIndexKey } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { areIndexesOf, withIndexes } from '../../../src/trust/reindex/gate.db.ts'
import { readIndexKey } from '../../../src/trust/reindex/gate.sql.ts'
import { readIndexUse } from '../../../src/trust/reindex/index-use.db.ts'
import { reindexTask } from '../../../src/trust/reindex/reindex.db.ts'
import { freshDatabase } from '../../support/database.ts'

const START = new Date(Date.now() - 1000)
const FUTURE = new Date(Date.now() + 3_600_000)
const ring = createKeyRing(START)
const rotated = rotateIndexKey(ring, START)
const vault = openVault(rotated)
const task = (of: { ring?: typeof ring; crash?: (point: string) => void; isBusy?: () => Promise<boolean> } = {}) =>
  reindexTask({ vault, ring: rotated, crash: () => undefined, isBusy: () => Promise.resolve(false), ...of })
const killedAt = (point: string) => (at: string) => {
  if (at === point) throw new Error('killed')
}

describe('a rotation of the index key', () => {
  it('does not begin before its time, nor while a process lacks the key or something remembers indexes', async () => {
    await using db = await freshDatabase()
    const waits = async () => {
      expect((await readIndexKey(db.pool)).movingTo).toBeNull()
      return (await readIndexUse(db.pool, rotated)).at(-1)
    }
    await task({ ring: rotateIndexKey(ring, FUTURE) }).run(db.pool)
    await waits()
    await task({ isBusy: () => Promise.resolve(true) }).run(db.pool)
    expect(await waits()).toMatchObject({ version: 2, state: 'waits', waitsFor: expect.stringContaining('erasures') })
    const one = { id: 'a', kind: 'worker', schema: '0040' }
    for (const process of [one, { ...one, indexKey: () => 1 }]) {
      await noteProcess(db.pool, process)
      await task().run(db.pool)
      expect(await waits()).toMatchObject({ waitsFor: expect.stringContaining('yet: 1') })
    }
    await noteProcess(db.pool, { ...one, indexKey: () => 2 })
    await task().run(db.pool)
    expect(await readIndexKey(db.pool)).toMatchObject({ version: 2, movingTo: null })
  })

  it('waits for who writes indexes, and lets nobody write them while rows are moved', async () => {
    await using db = await freshDatabase()
    const writing = Promise.withResolvers<void>()
    const holds = Promise.withResolvers<void>()
    const writer = inTransaction(db.pool, async (tx) => {
      await withIndexes(tx, vault)
      holds.resolve()
      await writing.promise
      return readIndexKey(tx)
    })
    await holds.promise
    const mover = task({ crash: killedAt('reindex:before-commit') })
      .run(db.pool)
      .catch(({ message }: Error) => message)
    writing.resolve()
    expect(await writer).toMatchObject({ version: 1, movingTo: null })
    expect(await mover).toBe('killed')
    await expect(inTransaction(db.pool, (tx) => withIndexes(tx))).rejects.toMatchObject({ code: 'indexes-moving' })
    expect(await inTransaction(db.pool, (tx) => areIndexesOf(tx, 1))).toBe(false)
    await task().run(db.pool)
    expect(await inTransaction(db.pool, (tx) => areIndexesOf(tx, 1))).toBe(false)
    expect(await inTransaction(db.pool, (tx) => areIndexesOf(tx, 2))).toBe(true)
    const fresh = openVault(rotated)
    await inTransaction(db.pool, (tx) => withIndexes(tx, fresh))
    expect(fresh.indexText('nik', 'x')).not.toBe(openVault(ring).indexText('nik', 'x'))
    const stale = openVault(ring)
    await expect(inTransaction(db.pool, (tx) => withIndexes(tx, stale))).rejects.toMatchObject({
      code: 'keys-outdated',
    })
  })
})
