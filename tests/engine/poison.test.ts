import { expect, it } from 'vitest'
import { decodeReport } from '../../src/domain/report.ts'
import { packEntries } from '../../src/engine/chunks/packing.ts'
import { openRaw, sealRaw } from '../../src/engine/chunks/sealed-chunk.ts'
import { chunkBisector } from '../../src/engine/poison.db.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import type { Stage } from '../../src/engine/stage.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { readBatchState, receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'
import { insertEntry } from '../support/fixtures/rows.ts'
import { runnerDeps } from '../support/running.ts'

const POISON = 7

it('cuts a poisonous chunk until the one entry is held and all others have passed', async () => {
  await using db = await freshDatabase()
  const vault = openVault(createKeyRing(new Date()))
  await using deps = runnerDeps(db, { bisect: chunkBisector({ vault, poisonClaims: 3 }) })
  const { batch, chunk } = await receiveBatch(db.pool, { platform: 'sumedang' })
  const entries = Array.from({ length: 10 }, (_, at) => ({
    line: at + 1,
    form: 'object' as const,
    text: `{"n":${at + 1}}`,
  }))
  const sealed = await sealRaw(vault, { id: chunk, platform: 'sumedang' }, packEntries(entries))
  await db.pool.query('update chunk set raw = $1 where id = $2', [sealed, chunk])

  const stage: Stage = {
    name: 'clean',
    from: 'received',
    async run({ id, platform }) {
      const { rows } = await db.pool.query('select raw from chunk where id = $1', [id])
      const raw = openRaw(vault, { id, platform }, rows[0].raw)
      if (raw.some(({ line }) => line === POISON)) throw new Error('dead')
      return {
        is: 'done',
        save: async (tx) => {
          for (const { line } of raw) await insertEntry(tx, { batch, line, chunk: id })
          await tx.query('update chunk set new = entries where id = $1', [id])
          return 'settled'
        },
      }
    },
  }
  for (let rounds = 0; (await readBatchState(db.pool, batch)) !== 'settled'; rounds++) {
    expect(rounds).toBeLessThan(100)
    await db.pool.query('update chunk set due_at = now()')
    const { rows } = await db.pool.query("select id as chunk, epoch from chunk where state = 'received'")
    for (const dispatch of rows) await handleDispatch(stage, dispatch, deps)
  }

  const { rows } = await db.pool.query('select line, outcome from entry order by line')
  expect(rows.map(({ line, outcome }) => `${line} ${outcome}`)).toEqual(
    entries.map(({ line }) => `${line} ${line === POISON ? 'held' : 'new'}`),
  )
  const reports = await db.pool.query('select findings from report')
  expect(reports.rows.flatMap(({ findings }) => decodeReport(findings))).toEqual([
    { line: POISON, code: 'entry-poison', severity: 'hold', path: '' },
  ])
  const sums = await db.pool.query(
    'select sum(entries)::int as entries, sum(new)::int as new, sum(held)::int as held from chunk',
  )
  expect(sums.rows[0]).toEqual({ entries: 10, new: 9, held: 1 })
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
  }
  expect(await inTransaction(db.pool, (tx) => bisect(tx, claimed))).toBe(false)
})
