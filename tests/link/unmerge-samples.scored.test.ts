import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { GoldenLine } from '../../src/domain/golden.ts'
import type { SubjectId } from '../../src/domain/ids.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { readSampleFiles, type SampleFile } from './push-samples.ts'
import { content, push, unmerge } from './support.ts'

const MERGES = 60

type Row = { subject: SubjectId; key: string }

/** Pushes files in turn; what was last said of each subject. */
async function pushAll(db: Pool, files: readonly SampleFile[]): Promise<Map<string, GoldenLine>> {
  const golden = new Map<string, GoldenLine>()
  for (const { platform, dataset, entries } of files) {
    const { lines } = await push(db, entries, { platform, dataset })
    for (const line of lines) golden.set(line.subject, line)
  }
  return golden
}

async function recordsOf(db: Pool): Promise<Row[]> {
  const { rows } = await db.query<Row>(sql`
    select subject, encode(key_index, 'hex') as key from source_record where subject like 'per%' order by key_index`)
  return rows
}

describe('unmerging what was merged over the samples', { timeout: 300_000 }, async () => {
  const files = await readSampleFiles()
  const fileOf = (name: string) =>
    files.filter(({ platform, dataset }) => platform === 'jembrana' && dataset === name).slice(0, 1)

  it('gives back both golden records as if the files had never met', async () => {
    const [ours, theirs] = [fileOf('jembrana'), fileOf('p3ke-individu')]
    await using one = await freshDatabase()
    await using other = await freshDatabase()
    await using both = await freshDatabase()
    const before = [await pushAll(one.pool, ours), await pushAll(other.pool, theirs)]
    const alone = new Map<string, ReturnType<typeof content>>()
    for (const [at, { pool }] of [one, other].entries()) {
      for (const { key, subject } of await recordsOf(pool)) {
        const line = before[at]?.get(subject)
        if (line !== undefined) alone.set(key, content(line))
      }
    }
    await pushAll(both.pool, [...ours, ...theirs])
    const ourKeys = new Set((await recordsOf(one.pool)).map(({ key }) => key))
    const persons = Map.groupBy(await recordsOf(both.pool), ({ subject }) => subject)
    const merged = [...persons].filter(
      ([, rows]) => rows.length === 2 && rows.filter(({ key }) => ourKeys.has(key)).length === 1,
    )
    expect(merged.length).toBeGreaterThan(MERGES)
    for (const [at, [person, rows]] of merged.slice(0, MERGES).entries()) {
      // Now the record that came first is taken away, now the one that came last.
      const [stays, leaves] = at % 2 === 0 ? rows : rows.toReversed()
      const { linked } = await unmerge(both.pool, person, [leaves?.key ?? ''])
      const lines = linked?.lines ?? []
      const kept = lines.find(({ subject }) => subject === person)
      const gone = lines.find(({ subject }) => subject !== person)
      expect(lines).toHaveLength(2)
      expect(kept && content(kept)).toEqual(alone.get(stays?.key ?? ''))
      expect(gone && content(gone)).toEqual(alone.get(leaves?.key ?? ''))
    }
  })
})
