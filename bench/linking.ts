// How long linking a chunk takes, and how many statements, as the registry grows: one process, no queue, no gateway.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { compileRegistry } from '../src/clean/registry.ts'
import { encodeClean } from '../src/domain/cleaned.ts'
import type { Dataset } from '../src/domain/dataset.ts'
import type { CleanEntry } from '../src/domain/entry.ts'
import type { BatchId, ChunkId } from '../src/domain/ids.ts'
import type { Platform } from '../src/domain/platform.ts'
import { startEmbedded } from '../src/io/embedded.ts'
import { newId } from '../src/io/ids.ts'
import { migrate } from '../src/io/migrate.ts'
import { inTransaction, openPool } from '../src/io/postgres.ts'
import { readRegistry } from '../src/io/registry.ts'
import { sql } from '../src/io/sql.ts'
import type { ClaimedChunk, Stage } from '../src/io/stage.ts'
import { linkStage } from '../src/link/link.stage.ts'
import { readModel } from '../src/link/model-file.ts'
import { compileSurvivorship } from '../src/link/survivorship.ts'
import { createKeyRing } from '../src/trust/keyring.ts'
import { openVault, place, type Vault } from '../src/trust/vault.ts'
import { families } from './families.ts'

/** Of a chunk of 2,000 families, the median of a few chunks at a size of the registry. */
export type LinkSpeed = {
  /** Persons and families when the first of the measured chunks comes. */
  subjects: number
  statements: number
  /** Reading ahead, before the lock. */
  ahead_ms: number
  /** Under the lock: all, and of it waiting for the database. */
  locked_ms: number
  database_ms: number
  families_per_s: number
}

const CHUNK = 2000
const MEASURED = 5
const SUBJECTS_OF_A_FAMILY = 4.5

type Taken = Omit<LinkSpeed, 'subjects' | 'families_per_s'>

/** Fills a registry up to each number of subjects (persons and families) and measures the chunks that come then. */
export async function measureLinking(sizes: readonly number[]): Promise<LinkSpeed[]> {
  await using stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'titian-bench-'))
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const server = await startEmbedded(data)
  stack.defer(() => server.stop())
  await migrate(server.urlFor('titian_owner', 'titian'), 'titian')
  const db = openPool(server.urlFor('titian', 'titian'), 4)
  stack.defer(() => db.end())
  const vault = openVault(createKeyRing(new Date(0)))
  const { stage, dataset, platform } = await prepare(db, vault)
  const batch = await openBatch(db)
  const lines = families(Number.POSITIVE_INFINITY)
  const speeds: LinkSpeed[] = []
  let line = 1
  const linkMore = async (count: number): Promise<Taken> => {
    const entries: CleanEntry[] = []
    for (; entries.length < count; line++) {
      const text = lines.next().value ?? ''
      entries.push(dataset.clean({ line, form: 'object', text }, platform))
    }
    return linkOne(db, stage, await submit(db, vault, batch, entries))
  }
  for (const size of sizes) {
    let subjects = await countSubjects(db)
    while (subjects < size) {
      await linkMore(Math.min(CHUNK, Math.ceil((size - subjects) / SUBJECTS_OF_A_FAMILY)))
      subjects = await countSubjects(db)
    }
    const taken: Taken[] = []
    while (taken.length < MEASURED) taken.push(await linkMore(CHUNK))
    const median = medianOf(taken)
    const seconds = (median.ahead_ms + median.locked_ms) / 1000
    speeds.push({ subjects, ...median, families_per_s: Math.round(CHUNK / seconds) })
  }
  return speeds
}

async function prepare(
  db: pg.Pool,
  vault: Vault,
): Promise<{ stage: Stage; dataset: Pick<Dataset, 'clean'>; platform: Platform }> {
  const files = await readRegistry([join(import.meta.dirname, '../src/registry')])
  const registry = compileRegistry(files, (identity) => vault.index('key', identity).toString('hex'))
  const dataset = registry.datasets.get('carik')
  const platform = registry.platforms.get('carik-jakarta')
  if (dataset === undefined || platform === undefined) throw new Error('the registry has no carik')
  const stage = linkStage({
    db,
    vault,
    survivorship: compileSurvivorship(registry.survivorship),
    yardstick: readModel(registry.linkage),
    newPerson: () => newId('per'),
    newFamily: () => newId('fam'),
    newReview: () => newId('rev'),
    noteCrowded: () => undefined,
    compose: (_, lines) => lines.length,
    deliver: async () => undefined,
  })
  return { stage, dataset, platform }
}

async function openBatch(db: pg.Pool): Promise<BatchId> {
  const id = newId('bat')
  await db.query(sql`
    insert into batch (id, platform, dataset, dataset_version, agreement, idempotency_key, state, receipt_order, payload_sha256)
    values (${id}, 'carik-jakarta', 'carik', '1', 'bench', ${id}, 'received', nextval('batch_order'), '\\x00')`)
  return id
}

async function submit(
  db: pg.Pool,
  vault: Vault,
  batch: BatchId,
  entries: readonly CleanEntry[],
): Promise<ClaimedChunk> {
  const id: ChunkId = newId('chk')
  const platform = 'carik-jakarta'
  const firstLine = entries[0]?.line ?? 1
  const cleaned = vault.seal(encodeClean(entries), place(platform, 'chunk', id, 'cleaned'))
  await db.query(sql`
    insert into chunk (id, batch, platform, first_line, entries, state, cleaned)
    values (${id}, ${batch}, ${platform}, ${firstLine}, ${entries.length}, 'clean', ${cleaned})`)
  const head = { id, batch, platform, dataset: 'carik', datasetVersion: '1', agreement: 'bench' }
  return { ...head, receiptOrder: '1', firstLine, entries: entries.length, epoch: 1, attempts: 1 }
}

async function linkOne(db: pg.Pool, stage: Stage, chunk: ClaimedChunk): Promise<Taken> {
  const started = performance.now()
  const result = await stage.run(chunk, AbortSignal.timeout(600_000))
  if (result.is !== 'done') throw new Error('a chunk of the bench has to wait')
  const ahead = performance.now()
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
          const answer: unknown = Reflect.apply(value, target, given)
          if (answer instanceof Promise) return answer.finally(() => (database += performance.now() - asked))
          // A stream of COPY: it ends when the server has taken all.
          const stream = answer as NodeJS.WritableStream
          stream.once('finish', () => (database += performance.now() - asked))
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
    ahead_ms: Math.round(ahead - started),
    locked_ms: Math.round(ended - ahead),
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
