import { describe, expect, it } from 'vitest'
import type { ChunkId } from '../../src/domain/ids.ts'
import { decodeReport } from '../../src/domain/report.ts'
import { abortBatch, finishAborts } from '../../src/engine/abort/abort.db.ts'
import { viewBatch } from '../../src/engine/batch-view.sql.ts'
import { packEntries } from '../../src/engine/chunks/packing.ts'
import { sealRaw } from '../../src/engine/chunks/sealed-chunk.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import type { Stage } from '../../src/engine/stage.ts'
import { newId } from '../../src/io/ids.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { sumBatches } from '../../src/reports/conservation.sql.ts'
import { balance } from '../../src/reports/conservation.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { insertBatch, insertChunk, insertEntry } from '../support/fixtures/rows.ts'
import { runnerDeps } from '../support/running.ts'

const vault = openVault(createKeyRing(new Date(0)))
const PLATFORM = 'sumedang'

/** A received batch of chunks of three entries each, the first ones linked already. */
async function batchOf({ pool }: TestDatabase, { linked = 0, open = 2, state = 'received' } = {}) {
  const received = 3 * (linked + open)
  const { id: batch } = await insertBatch(pool, { platform: PLATFORM, received })
  const chunks: ChunkId[] = []
  for (let at = 0; at < linked + open; at++) {
    const id = newId('chk')
    const lines = [0, 1, 2].map((n) => 3 * at + n + 2)
    const entries = lines.map((line) => ({ line, form: 'object' as const, text: '{}' }))
    const raw = await sealRaw(vault, { id, platform: PLATFORM }, packEntries(entries))
    const isLinked = at < linked
    const of = { id, batch, platform: PLATFORM, first_line: 3 * at + 2, entries: 3, raw }
    await insertChunk(pool, isLinked ? { ...of, state: 'settled', unchanged: 3 } : { ...of, state })
    if (isLinked) for (const line of lines) await insertEntry(pool, { batch, chunk: id, line, outcome: 'unchanged' })
    chunks.push(id)
  }
  return { batch, chunks }
}

const abort = ({ pool }: TestDatabase, batch: Awaited<ReturnType<typeof batchOf>>['batch'], platform = PLATFORM) =>
  abortBatch({ db: pool, vault, crash: () => undefined }, { batch, platform, by: 'client' })

describe('an aborted batch', () => {
  it.each(['received', 'clean'])('rejects what is %s, keeps what is linked, and its sums close', async (state) => {
    await using db = await freshDatabase()
    const { batch } = await batchOf(db, { linked: 1, state })
    await abort(db, batch)
    const view = await viewBatch(db.pool, batch, PLATFORM)
    expect(view).toMatchObject({
      state: 'settled',
      gap: 0,
      counts: { received: 9, unchanged: 3, rejected: 6, pending: 0 },
      aborted_at: expect.any(String),
    })
    expect(balance(await sumBatches(db.pool, PLATFORM)).gap).toBe(0)
    const { rows } = await db.pool.query<{ findings: Buffer }>(sql`select findings from report`)
    expect(rows.flatMap(({ findings }) => decodeReport(findings)).map(({ line, code }) => `${line} ${code}`)).toEqual(
      [5, 6, 7, 8, 9, 10].map((line) => `${line} batch-aborted`),
    )
  })

  it('is aborted once: again changes nothing and is no error', async () => {
    await using db = await freshDatabase()
    const { batch } = await batchOf(db)
    await abort(db, batch)
    const first = await viewBatch(db.pool, batch, PLATFORM)
    await abort(db, batch)
    expect(await viewBatch(db.pool, batch, PLATFORM)).toEqual(first)
    expect((await db.pool.query(sql`select sequence from audit`)).rows).toHaveLength(1)
  })

  it('is refused when all is linked, when it is not the caller’s, and when nobody pushed it', async () => {
    await using db = await freshDatabase()
    const { batch } = await batchOf(db, { linked: 1, open: 0 })
    await expect(abort(db, batch)).rejects.toMatchObject({ code: 'batch-linked' })
    await expect(abort(db, batch, 'jembrana')).rejects.toMatchObject({ code: 'not-found' })
    const { id: own } = await insertBatch(db.pool, { platform: PLATFORM, kind: 'withdrawal' })
    await expect(abort(db, own)).rejects.toMatchObject({ code: 'batch-not-pushed' })
    const { id: uploading } = await insertBatch(db.pool, { platform: PLATFORM, state: 'receiving' })
    await expect(abort(db, uploading)).rejects.toMatchObject({ code: 'key-running' })
  })

  it('leaves a worker that has a chunk in hand nothing to commit', async () => {
    await using db = await freshDatabase()
    await using deps = runnerDeps(db)
    const { batch, chunks } = await batchOf(db, { open: 1 })
    const stage: Stage = {
      name: 'clean',
      from: 'received',
      run: async () => {
        await abort(db, batch)
        return { is: 'done', save: async () => 'clean' }
      },
    }
    expect(await handleDispatch(stage, { chunk: chunks[0] ?? 'chk_', epoch: 0 }, deps)).toBe('stale')
    expect(await viewBatch(db.pool, batch, PLATFORM)).toMatchObject({ state: 'settled', counts: { rejected: 3 } })
  })

  it('is finished by the sweeper when its gateway died after the mark', async () => {
    await using db = await freshDatabase()
    const { batch } = await batchOf(db)
    await db.pool.query(sql`update batch set aborted_at = now() where id = ${batch}`)
    const deps = { db: db.pool, vault, crash: () => undefined }
    expect(await finishAborts(deps)).toBe(1)
    expect(await viewBatch(db.pool, batch, PLATFORM)).toMatchObject({ state: 'settled', counts: { rejected: 6 } })
    expect(await finishAborts(deps)).toBe(0)
  })
})
