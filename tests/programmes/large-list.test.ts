import { expect, it } from 'vitest'
import type { ListId } from '../../src/domain/ids.ts'
import { newId } from '../../src/io/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { beginList, finishList, leaseList, readList } from '../../src/programmes/lists/list.sql.ts'
import { readListed } from '../../src/programmes/lists/verdict.sql.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const KEY = { platform: 'smart-kampung-banyuwangi', programme: 'pkh', region: '' }
const FAMILIES = 300_000
const CHANGED = 1000
// Some two seconds each on a machine of its own; looking each up in all of the others would take hours.
const MOST_MS = 60_000

/** A list of families by their numbers, all of them candidates, made by SQL. */
async function listed({ pool }: TestDatabase, first: number) {
  const id = newId('lst')
  const made = { ...KEY, id, version: '1', digest: '00', day: '2026-11-01' }
  await inTransaction(pool, (tx) => beginList(tx, made))
  await pool.query(sql`
    insert into programme_verdict (list, subject, verdict)
    select ${id}, 'fam_' || lpad(n::text, 26, '0'), 'candidate'
    from generate_series(${first}::integer, ${first + FAMILIES - 1}::integer) as n`)
  const list = await leaseList(pool, KEY, 30)
  if (list === undefined) throw new Error('the list has no maker')
  const begun = performance.now()
  expect(await inTransaction(pool, (tx) => finishList(tx, list))).toBe(true)
  return { id: id as ListId, ms: performance.now() - begun }
}

it('compares two lists of 300,000 families, and reads every page of what changed, in a time that grows with them', async () => {
  await using db = await freshDatabase()
  const first = await listed(db, 1)
  const second = await listed(db, 1 + CHANGED)
  const list = await readList(db.pool, second.id, KEY.platform)
  expect(list).toMatchObject({ added: CHANGED, gone: CHANGED, previous: first.id })
  const pages: number[] = []
  for (const part of ['added', 'gone', 'candidates'] as const) {
    const begun = performance.now()
    expect(await readListed(db.pool, { id: second.id, previous: first.id }, part, '', 501)).toHaveLength(501)
    pages.push(performance.now() - begun)
  }
  console.log(JSON.stringify({ finish: [first.ms, second.ms].map(Math.round), pages: pages.map(Math.round) }))
  expect(second.ms).toBeLessThan(MOST_MS)
  expect(Math.max(...pages)).toBeLessThan(MOST_MS)
}, 300_000)
