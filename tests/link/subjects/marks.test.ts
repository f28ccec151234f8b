import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { countChanges, noteChange, readMarks } from '../../../src/link/subjects/marks.sql.ts'
import { markOf, packMarks, unpackMarks } from '../../../src/link/subjects/marks.ts'
import { freshDatabase } from '../../support/database.ts'

it('keeps the mark of every name, and hardly any other', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (names) => {
      const marks = unpackMarks([packMarks(names)])
      expect(marks).toEqual(new Set(names.map(markOf)))
    }),
  )
  const many = Array.from({ length: 20_000 }, (_, at) => `per_${at}`)
  expect(new Set(many.map(markOf)).size).toBeGreaterThan(19_990)
})

it('tells what the changes since one touched', async () => {
  await using db = await freshDatabase()
  const note = (marks: Buffer | null) => inTransaction(db.pool, (tx) => noteChange(tx, marks))
  const before = await countChanges(db.pool)
  await note(packMarks(['a']))
  const [first] = [await countChanges(db.pool)]
  await note(packMarks(['b', 'c']))
  const since = await readMarks(db.pool, before)
  expect(unpackMarks(since.marks ?? [])).toEqual(new Set(['a', 'b', 'c'].map(markOf)))
  expect(unpackMarks((await readMarks(db.pool, first)).marks ?? [])).toEqual(new Set(['b', 'c'].map(markOf)))
  expect(await readMarks(db.pool, since.changes)).toEqual({ changes: since.changes, marks: [] })
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
