import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { countChanges, noteChange, readMarks } from '../../../src/link/subjects/marks.sql.ts'
import { doOverlap, markOf, packMarks, unpackMarks } from '../../../src/link/subjects/marks.ts'
import { freshDatabase } from '../../support/database.ts'

it('keeps the mark of every name, and hardly any other', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (names, others) => {
      const marks = unpackMarks(packMarks(names))
      const known = new Set(names.map(markOf))
      for (const name of [...names, ...others]) expect(marks.has(markOf(name))).toBe(known.has(markOf(name)))
      expect(doOverlap(packMarks(names), packMarks(others))).toBe(others.some((name) => known.has(markOf(name))))
    }),
  )
  const many = Array.from({ length: 20_000 }, (_, at) => `per_${at}`)
  expect(new Set(many.map(markOf)).size).toBeGreaterThan(19_990)
})

it('keeps any marks, zero and the least among them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(0, -1, -(2 ** 31), 2 ** 31 - 1), fc.integer())), (given) => {
      const pack = Buffer.alloc(given.length * 4)
      for (const [at, mark] of given.entries()) pack.writeInt32LE(mark, at * 4)
      const marks = unpackMarks(pack)
      for (const mark of [0, -1, 1, ...given]) expect(marks.has(mark)).toBe(given.includes(mark))
    }),
  )
})

it('tells what the changes since one touched', async () => {
  await using db = await freshDatabase()
  const note = (marks: Buffer | null) => inTransaction(db.pool, (tx) => noteChange(tx, marks))
  const before = await countChanges(db.pool)
  await note(packMarks(['a']))
  const [first] = [await countChanges(db.pool)]
  await note(packMarks(['b', 'c']))
  const since = await readMarks(db.pool, before)
  expect(since.marks).toEqual(packMarks(['a', 'b', 'c']))
  expect((await readMarks(db.pool, first)).marks).toEqual(packMarks(['b', 'c']))
  expect(await readMarks(db.pool, since.changes)).toEqual({ changes: since.changes, marks: packMarks([]) })
})

it('says that anything may have been touched by a change without marks, and by one that is forgotten', async () => {
  await using db = await freshDatabase()
  const note = (marks: Buffer | null) => inTransaction(db.pool, (tx) => noteChange(tx, marks))
  const before = await countChanges(db.pool)
  await note(null)
  expect((await readMarks(db.pool, before)).marks).toBeUndefined()
  const after = await countChanges(db.pool)
  for (let times = 0; times < 70; times++) await note(packMarks(['a']))
  expect((await readMarks(db.pool, after)).marks).toBeUndefined()
  expect((await db.pool.query(sql`select count(*)::integer as n from link_mark`)).rows).toEqual([{ n: 64 }])
})
