// How long linking a chunk takes, and how many statements, as subjects are added: one process, no queue, no gateway.
import type pg from 'pg'
import type { CleanEntry } from '../src/domain/entry.ts'
import type { ClaimedChunk, Stage } from '../src/engine/stage.ts'
import { inTransaction } from '../src/io/postgres/postgres.ts'
import { sql } from '../src/io/postgres/sql.ts'
import { families } from './families.ts'
import { openBatch, openBenchRegistry, submit } from './registry.ts'

/** Of a chunk of 2,000 families, the median of a few chunks at a number of subjects. */
export type LinkSpeed = {
  /** Persons and families when the first of the measured chunks comes. */
  subjects: number
  statements: number
  /** Before the lock: working the chunk, and inserting its rows. */
  ahead_ms: number
  /** From the lock to the end of the commit: all, and of it waiting for the database. */
  locked_ms: number
  database_ms: number
  /** Share of the entries that were worked anew, because others had changed what they depend on. */
  anew: number
  families_per_s: number
}

const CHUNK = 2000
const MEASURED = 5
const SUBJECTS_OF_A_FAMILY = 4.5

type Taken = Omit<LinkSpeed, 'subjects' | 'anew' | 'families_per_s'>

/** Fills a registry up to each number of subjects (persons and families) and measures the chunks that come then. */
export async function measureLinking(sizes: readonly number[]): Promise<LinkSpeed[]> {
  let anew = 0
  await using bench = await openBenchRegistry((entries) => (anew += entries))
  const { db, stage, registry } = bench
  const dataset = registry.datasets.get('carik')
  const platform = registry.platforms.get('carik-jakarta')
  if (dataset === undefined || platform === undefined) throw new Error('the registry has no carik')
  const source = { platform: platform.name, dataset: dataset.name }
  const batch = await openBatch(db, source)
  const lines = families(Number.POSITIVE_INFINITY)
  const speeds: LinkSpeed[] = []
  let line = 1
  const linkMore = async (count: number): Promise<Taken> => {
    const entries: CleanEntry[] = []
    for (; entries.length < count; line++) {
      const text = lines.next().value ?? ''
      entries.push(dataset.clean({ line, form: 'object', text }, platform))
    }
    return linkOne(db, stage, await submit(bench, { ...source, batch }, entries))
  }
  for (const size of sizes) {
    let subjects = await countSubjects(db)
    while (subjects < size) {
      await linkMore(Math.min(CHUNK, Math.ceil((size - subjects) / SUBJECTS_OF_A_FAMILY)))
      subjects = await countSubjects(db)
    }
    const taken: Taken[] = []
    anew = 0
    while (taken.length < MEASURED) taken.push(await linkMore(CHUNK))
    const median = medianOf(taken)
    const seconds = (median.ahead_ms + median.locked_ms) / 1000
    speeds.push({ subjects, ...median, anew: anew / (MEASURED * CHUNK), families_per_s: Math.round(CHUNK / seconds) })
  }
  return speeds
}

async function linkOne(db: pg.Pool, stage: Stage, chunk: ClaimedChunk): Promise<Taken> {
  const started = performance.now()
  const result = await stage.run(chunk, AbortSignal.timeout(600_000))
  if (result.is !== 'done') throw new Error('a chunk of the bench has to wait')
  let locked = 0
  let statements = 0
  let database = 0
  await inTransaction(db, async (tx) => {
    const counted = new Proxy(tx, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'query') return value.bind(target)
        return (...given: unknown[]) => {
          statements += 1
          const asked = performance.now()
          const [{ text = '' }] = given as [{ text?: string }]
          const answered = () => {
            if (locked > 0) database += performance.now() - asked
            else if (text.includes("hashtext('titian link')")) locked = performance.now()
          }
          const answer: unknown = Reflect.apply(value, target, given)
          if (answer instanceof Promise) return answer.finally(answered)
          // A stream of COPY: it ends when the server has taken all.
          const stream = answer as NodeJS.WritableStream
          stream.once('finish', answered)
          return stream
        }
      },
    })
    const state = await result.save(counted)
    await tx.query(sql`update chunk set state = ${state}, cleaned = null where id = ${chunk.id}`)
  })
  const ended = performance.now()
  return {
    statements,
    ahead_ms: Math.round(locked - started),
    locked_ms: Math.round(ended - locked),
    database_ms: Math.round(database),
  }
}

async function countSubjects(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ n: number }>(sql`
    select (select count(*) from subject)::integer as n`)
  return rows[0]?.n ?? 0
}

function medianOf(taken: readonly Taken[]): Taken {
  const middle = (name: keyof Taken) => taken.map((one) => one[name]).sort((a, b) => a - b)[taken.length >> 1] ?? 0
  return {
    statements: middle('statements'),
    ahead_ms: middle('ahead_ms'),
    locked_ms: middle('locked_ms'),
    database_ms: middle('database_ms'),
  }
}
