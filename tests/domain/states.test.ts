import { describe, expect, it } from 'vitest'
import {
  BATCH,
  BATCH_KINDS,
  type BatchKind,
  CHUNK_STATE_TABLE,
  CHUNK_STATES,
  FORGOTTEN,
  firstStateOf,
  OUTCOMES,
  STAGE,
  STAGES,
  type StageName,
  WORKING,
} from '../../src/domain/states.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

describe('the state table', () => {
  it('gives every stage one state, in the order of the stages', () => {
    expect(WORKING.map((state) => CHUNK_STATE_TABLE[state].stage)).toEqual([...STAGES])
    expect(STAGES.map((stage) => STAGE[stage].from)).toEqual(WORKING)
  })

  it('lets every state come to an end', () => {
    const ends = new Set(CHUNK_STATES.filter((state) => CHUNK_STATE_TABLE[state].becomes.length === 0))
    expect([...ends]).toEqual(['settled'])
    for (let known = 0; known < ends.size; ) {
      known = ends.size
      for (const state of CHUNK_STATES)
        if (CHUNK_STATE_TABLE[state].becomes.some((next) => ends.has(next))) ends.add(state)
    }
    expect([...ends].sort()).toEqual([...CHUNK_STATES].sort())
  })

  it('lets every kind of batch begin with its first stage, pass stages in order, and end in the state that is the end', () => {
    for (const kind of Object.keys(BATCH_KINDS) as BatchKind[]) {
      const { stages } = BATCH_KINDS[kind]
      const from = STAGES.indexOf(stages[0])
      expect([...stages]).toEqual(STAGES.slice(from, from + stages.length))
      expect(CHUNK_STATE_TABLE[STAGE[stages[stages.length - 1] as StageName].from].becomes).toContain('settled')
      expect(CHUNK_STATE_TABLE[firstStateOf(kind)].stage).toBe(stages[0])
    }
  })
})

/** The words that a check of a column allows. */
async function allowed({ pool }: TestDatabase, table: string, column: string): Promise<string[]> {
  const { rows } = await pool.query<{ check: string }>(sql`
    select pg_get_constraintdef(oid) as check from pg_constraint
    where conrelid = ${table}::regclass and contype = 'c' and conname = ${`${table}_${column}_check`}`)
  return [...(rows[0]?.check ?? '').matchAll(/'([^']+)'/g)].map(([, word]) => word ?? '')
}

describe('the database', () => {
  it('knows the same states, stages, kinds and outcomes', async () => {
    await using db = await freshDatabase()
    expect({
      chunk: await allowed(db, 'chunk', 'state'),
      batch: await allowed(db, 'batch', 'state'),
      kind: await allowed(db, 'batch', 'kind'),
      stage: await allowed(db, 'report', 'stage'),
      outcome: await allowed(db, 'entry', 'outcome'),
    }).toEqual({
      chunk: CHUNK_STATES,
      batch: Object.keys(BATCH),
      kind: Object.keys(BATCH_KINDS),
      stage: [...STAGES],
      outcome: [...OUTCOMES],
    })
  })

  it.each([
    ['chunk_due', sql`select id from chunk where platform = ${'x'} and state = any(${WORKING}) and due_at < now()`],
    ['batch_open', sql`select id from batch where state <> ${BATCH.settled} and state = ${BATCH.receiving}`],
    [
      'chunk_to_forget',
      sql`select id from chunk where state = any(${FORGOTTEN}) and settled_at < now() and (raw is not null or cleaned is not null)`,
    ],
  ])('uses the partial index %s though the states are parameters', async (index, statement) => {
    await using db = await freshDatabase()
    const plan = await inTransaction(db.pool, async (tx) => {
      await tx.query('set local enable_seqscan = off')
      const { rows } = await tx.query({ ...statement, text: `explain ${statement.text}` })
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
    expect(plan).toContain(index)
  })
})
