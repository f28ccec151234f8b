// A registry of persons without queue and gateway: embedded PostgreSQL and the link stage.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { readRegistry } from '../src/catalogue/registry.file.ts'
import { compileRegistry, type Registry } from '../src/catalogue/registry.ts'
import type { CleanEntry } from '../src/domain/entry.ts'
import type { BatchId, ChunkId } from '../src/domain/ids.ts'
import { sealCleaned } from '../src/engine/chunks/sealed-chunk.ts'
import type { ClaimedChunk, Stage } from '../src/engine/stage.ts'
import { newId } from '../src/io/ids.ts'
import { startEmbedded } from '../src/io/local/embedded.ts'
import { migrate } from '../src/io/postgres/migrate.ts'
import { inTransaction, openPool } from '../src/io/postgres/postgres.ts'
import { sql } from '../src/io/postgres/sql.ts'
import { linkStage } from '../src/link/link.stage.ts'
import type { ScoringModel } from '../src/link/score/evidence.ts'
import { readModel } from '../src/link/score/model-file.ts'
import { lockSubjects } from '../src/link/subjects/subjects.sql.ts'
import { compileSurvivorship } from '../src/link/subjects/survivorship.ts'
import { coverageOf } from '../src/trust/agreements/coverage.ts'
import { createKeyRing, type KeyRing } from '../src/trust/keys/keyring.ts'
import { openVault, type Vault } from '../src/trust/keys/vault.ts'
import { insertBatch, insertChunk } from '../tests/support/fixtures/rows.ts'

/** What is linked here, and by what. */
export type BenchRegistry = Linking &
  AsyncDisposable & {
    db: pg.Pool
    vault: Vault
    /** Where another process of the bench finds the same registry, and the keys to it. */
    address: { url: string; ownerUrl: string; ring: KeyRing }
  }

/** The link stage as the bench runs it, and what it was made of. */
export type Linking = { stage: Stage; registry: Registry; scoringModel: ScoringModel }

/** Whose chunk it is. */
export type Source = { platform: string; dataset: string }

/** Starts a server of its own with an empty registry. `noteAnew` is told how many entries were linked anew. */
export async function openBenchRegistry(noteAnew: (entries: number) => void = () => undefined): Promise<BenchRegistry> {
  const stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'titian-bench-'))
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const server = await startEmbedded(data)
  stack.defer(() => server.stop())
  const ownerUrl = server.urlFor('titian_owner', 'titian')
  await migrate(ownerUrl, 'titian')
  const address = { url: server.urlFor('titian', 'titian'), ownerUrl, ring: createKeyRing(new Date(0)) }
  const db = openPool(address.url, 4)
  stack.defer(() => db.end())
  const vault = openVault(address.ring)
  const linking = await openLinking(db, vault, noteAnew)
  return { db, vault, address, ...linking, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** The link stage over a database that is there; it composes nothing and delivers nothing. */
export async function openLinking(
  db: pg.Pool,
  vault: Vault,
  noteAnew: (entries: number) => void = () => undefined,
): Promise<Linking> {
  const files = await readRegistry([join(import.meta.dirname, '../src/registry')])
  const registry = compileRegistry(files, (identity) => vault.index('key', identity).toString('hex'))
  const scoringModel = readModel(registry.linkage)
  const stage = linkStage({
    db,
    vault,
    survivorship: compileSurvivorship(registry.survivorship),
    scoringModel,
    coverage: coverageOf(registry.platforms, () => new Date()),
    newPerson: () => newId('per'),
    newFamily: () => newId('fam'),
    newReview: () => newId('rev'),
    crash: () => undefined,
    lock: lockSubjects,
    noteAnew,
    noteOversized: () => undefined,
    regionOf: (bps) => registry.regions.inBoth(bps),
    registerOf: (dataset) => registry.datasets.get(dataset)?.mapping.register ?? 'own',
    compose: (_, lines) => lines.length,
    deliver: async () => undefined,
    follow: async () => undefined,
  })
  return { stage, registry, scoringModel }
}

/** A received batch without chunks yet. */
export async function openBatch(db: pg.Pool, { platform, dataset }: Source): Promise<BatchId> {
  return (await insertBatch(db, { platform, dataset, agreement: 'bench' })).id
}

/** Puts cleaned entries into the database as a chunk that is ready to be linked. */
export async function submit(
  { db, vault }: Pick<BenchRegistry, 'db' | 'vault'>,
  { platform, dataset, batch }: Source & { batch: BatchId },
  entries: readonly CleanEntry[],
): Promise<ClaimedChunk> {
  const id: ChunkId = newId('chk')
  const firstLine = entries[0]?.line ?? 1
  const cleaned = sealCleaned(vault, { id, platform }, entries)
  await insertChunk(db, {
    id,
    batch,
    platform,
    first_line: firstLine,
    entries: entries.length,
    state: 'clean',
    cleaned,
  })
  const { rows } = await db.query<{ order: string }>(sql`
    select receipt_order as order from batch where id = ${batch}`)
  const head = { id, batch, kind: 'push' as const, platform, dataset, datasetVersion: '1', agreement: 'bench' }
  return {
    ...head,
    receiptOrder: rows[0]?.order ?? '1',
    firstLine,
    entries: entries.length,
    epoch: 1,
    attempts: 1,
    isReleased: false,
    isSnapshot: false,
  }
}

/** Links a chunk and saves it, as a worker does. */
export async function workChunk({ db, stage }: BenchRegistry, chunk: ClaimedChunk): Promise<void> {
  const result = await stage.run(chunk, AbortSignal.timeout(600_000))
  if (result.is !== 'done') throw new Error('a chunk of the bench has to wait')
  await inTransaction(db, async (tx) => {
    const state = await result.save(tx)
    await tx.query(sql`update chunk set state = ${state}, cleaned = null where id = ${chunk.id}`)
  })
}
