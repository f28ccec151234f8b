import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { DeliveryLine } from '../../../src/domain/golden.ts'
import type { BatchId, SubjectId } from '../../../src/domain/ids.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { freshDatabase } from '../../support/database.ts'
import { readSampleFiles, type SampleFile } from '../push-samples.ts'
import { content, link, submit } from '../support.ts'
import { askBatch, countRows, linkWithdrawal } from './support.ts'

type Told = Map<SubjectId, DeliveryLine>

/** Pushes files in turn, and keeps what was last said of each subject. */
async function pushAll(db: Pool, files: readonly SampleFile[], told: Told): Promise<BatchId[]> {
  const batches: BatchId[] = []
  for (const { platform, dataset, entries } of files) {
    const chunk = await submit(db, entries, { platform, dataset })
    keep(told, (await link(db, chunk)).lines)
    batches.push(chunk.batch)
  }
  return batches
}

function keep(told: Told, lines: readonly DeliveryLine[]): void {
  for (const line of lines) {
    if ('kind' in line && line.kind === 'withdrawn') told.delete(line.subject)
    else told.set(line.subject, line)
    for (const id of ('merged' in line && line.merged) || []) told.delete(id)
  }
}

/** What BPS knows of each person, by the keys of the person's records. */
async function known(db: Pool, told: Told): Promise<[string, unknown][]> {
  const { rows } = await db.query<{ subject: SubjectId; keys: string }>(sql`
    select subject, string_agg(encode(key_index, 'hex'), ' ' order by key_index) as keys
    from source_record where subject like 'per%' group by subject`)
  return rows
    .map(({ subject, keys }): [string, unknown] => {
      const line = told.get(subject)
      return [keys, line && 'record' in line && 'origin' in line ? content(line) : undefined]
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

describe('a list that is withdrawn from the samples', { timeout: 300_000 }, async () => {
  const files = await readSampleFiles()
  const fileOf = (name: string) =>
    files.filter(({ platform, dataset }) => platform === 'jembrana' && dataset === name).slice(0, 1)
  const [ours, theirs, third] = [fileOf('jembrana'), fileOf('p3ke-individu'), fileOf('dtks-individu')]

  it.each([
    ['pushed last', [...ours, ...third, ...theirs], 2],
    ['pushed first', [...theirs, ...ours, ...third], 0],
    ['pushed in between', [...ours, ...theirs, ...third], 1],
  ] as const)('leaves every person as if it had never come: %s', async (_, all, at) => {
    await using without = await freshDatabase()
    const expected: Told = new Map()
    await pushAll(without.pool, [...ours, ...third], expected)

    await using db = await freshDatabase()
    const told: Told = new Map()
    const batch = (await pushAll(db.pool, all, told))[at]
    const withdrawal = await askBatch(db.pool, batch ?? 'bat_', 'jembrana')
    keep(told, (await linkWithdrawal(db.pool, withdrawal)).lines)

    expect(await known(db.pool, told)).toEqual(await known(without.pool, expected))
    expect(personsOf(told)).toBe(personsOf(expected))
    for (const table of ['blocking', 'identifier', 'source_record'])
      expect([table, await countRows(db.pool, table)]).toEqual([table, await countRows(without.pool, table)])
    expect(await openReviews(db.pool)).toEqual(await openReviews(without.pool))
  })
})

function personsOf(told: Told): number {
  return [...told.keys()].filter((id) => id.startsWith('per_')).length
}

async function openReviews(db: Pool): Promise<unknown[]> {
  const { rows } = await db.query(sql`
    select encode(a, 'hex') as a, encode(b, 'hex') as b from review where state = 'open' order by a, b`)
  return rows
}
