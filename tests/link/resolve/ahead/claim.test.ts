import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inTransaction } from '../../../../src/io/postgres/postgres.ts'
import { sql } from '../../../../src/io/postgres/sql.ts'
import { claimOwn } from '../../../../src/link/resolve/ahead/claim.db.ts'
import { dropClaims } from '../../../../src/link/subjects/claims.sql.ts'
import { prepare } from '../../../../src/link/subjects/prepare.ts'
import { freshDatabase, type TestDatabase } from '../../../support/database.ts'
import { indexOf, person, submit } from '../../support.ts'

const index = (_purpose: string, value: string) => indexOf('key', value)
const PEOPLE = ['ADI', 'BAYU', 'CITRA'].map((nama) => person(nama, { nama }))

/** Claims the keys of some people for a chunk of its own, whose lease goes on for so many seconds; says whether it has waited. */
async function claim(db: TestDatabase, names: readonly string[], seconds = 60) {
  const records = PEOPLE.filter(({ key }) => names.includes(key))
  const given = records.map((record, at) => ({
    line: at + 1,
    key: record.key,
    verdict: 'accepted' as const,
    findings: [],
    records: [record],
  }))
  const chunk = await submit(db.pool, given)
  await db.pool.query(sql`
    update chunk set epoch = ${chunk.epoch}, lease_until = now() + make_interval(secs => ${seconds}) where id = ${chunk.id}`)
  const cleaned = given.map((entry) => ({
    ...entry,
    records: entry.records.map((record) => ({ ...record, content: JSON.stringify(record) })),
  }))
  const entries = prepare(cleaned, chunk, index)
  const waited = claimOwn(db.pool, chunk, { entries, rows: [], index }, AbortSignal.timeout(20_000))
  return { chunk, waited }
}

it('waits for who claimed one of its keys before, until that claim is given up', async () => {
  await using db = await freshDatabase()
  const first = await claim(db, ['ADI', 'BAYU'])
  expect(await first.waited).toBe(false)
  expect(await (await claim(db, ['CITRA'])).waited).toBe(false)
  const second = await claim(db, ['BAYU', 'CITRA'])
  let isOver = false
  const over = second.waited.then((waited) => {
    isOver = true
    return waited
  })
  await delay(100)
  expect(isOver).toBe(false)
  await dropClaims(
    db.pool,
    (await db.pool.query(sql`select chunk from link_claim`)).rows.map(({ chunk }) => chunk),
  )
  expect(await over).toBe(true)
})

it('waits for nobody whose lease has ended, unless a transaction still holds the chunk', async () => {
  await using db = await freshDatabase()
  const silent = await claim(db, ['ADI'], 0)
  await silent.waited
  expect(await (await claim(db, ['ADI'], 0)).waited).toBe(false)
  let isOver = false
  const late = await inTransaction(db.pool, async (tx) => {
    await tx.query(sql`select id from chunk where id = ${silent.chunk.id} for update`)
    const { waited } = await claim(db, ['ADI'])
    const over = waited.then((has) => {
      isOver = true
      return has
    })
    await delay(100)
    expect(isOver).toBe(false)
    return { over }
  })
  expect(await late.over).toBe(true)
})
