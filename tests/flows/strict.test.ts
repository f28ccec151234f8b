import { readFile } from 'node:fs/promises'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import type { Batch } from '../../src/engine/batch-shapes.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import type { BatchReport } from '../../src/reports/batch/report-shape.ts'
import type { Conservation, FindingPage } from '../../src/reports/shapes.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Family = Record<string, unknown> & { id_keluarga: string }

const registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
let gateway: TestGateway
let carik: Call
let ops: Call
let sent: Family[]

beforeAll(async () => {
  gateway = await openGateway({ CHUNK_RECORDS: '4', STRICT_RECORDS: '20' }, registry)
  carik = await gateway.caller('carik-jakarta')
  ops = await gateway.caller(null, ['ops'])
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  // The sample holds a record with a forbidden member, which would be found before linking.
  const lines = text.split('\n').filter((line) => !line.includes('__proto__'))
  sent = lines.slice(0, 30).map((line) => JSON.parse(line))
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

const linesOf = (records: readonly unknown[]) => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`
const json = async <T>(path: string, call: Call = carik) =>
  (await (await call(path, { headers: { 'accept-language': 'en' } })).json()) as T
const batchOf = (id: string) => json<Static<typeof Batch>>(`/v1/batches/${id}`)
const gap = async () => (await json<Static<typeof Conservation>>('/v1/conservation', ops)).gap

async function pushed(key: string, records: readonly unknown[], mode = 'strict'): Promise<string> {
  const answer = await carik(`/v1/datasets/carik/batches?mode=${mode}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
    body: linesOf(records),
  })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { id: string }).id
}

async function strict(key: string, records: readonly unknown[]): Promise<Static<typeof Batch>> {
  const id = await pushed(key, records)
  await workAll(gateway, registry)
  return batchOf(id)
}

describe('a strict batch', () => {
  it('is taken whole when nothing rejects or holds an entry', async () => {
    const batch = await strict('utuh', sent.slice(0, 10))
    expect(batch).toMatchObject({ mode: 'strict', state: 'settled', refused_at: null, gap: 0, counts: { new: 10 } })
    expect(await gap()).toBe(0)
  })

  it('is refused whole for one entry, nothing is delivered, and the whole is pushed again', async () => {
    const wrong = sent.slice(10, 20).map((one, at) => (at === 9 ? { ...one, kode_kelurahan: '3199999999' } : one))
    const batch = await strict('satu-salah', wrong)
    expect(batch).toMatchObject({
      state: 'settled',
      gap: 0,
      refused_at: expect.any(String),
      counts: { received: 10, rejected: 10 },
      deliveries: { composed: 0, acknowledged: 0, entries: { delivered: 0, open: 0 } },
    })
    expect(await gap()).toBe(0)
    const { verdict } = await json<Static<typeof BatchReport>>(`/v1/batches/${batch.id}/report`)
    expect(verdict).toMatch(/^Refused as a whole \(strict mode\)/)
    const { findings } = await json<Static<typeof FindingPage>>(`/v1/batches/${batch.id}/findings?code=batch-refused`)
    expect(findings.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const rows = async (which: string) =>
      (await (await carik(`/v1/batches/${batch.id}/rows/${which}`)).text()).split('\n')
    expect((await rows('rejected')).filter((line) => line !== '')).toHaveLength(1)
    expect((await rows('unprocessed')).filter((line) => line !== '')).toHaveLength(9)
    const again = await strict('satu-benar', sent.slice(10, 20))
    expect(again.counts).toMatchObject({ new: 10 })
    expect((await batchOf(batch.id)).corrected).toEqual({ rejected: 10, held: 0 })
  })

  it('is refused for what only linking finds, and leaves no trace of its other chunks', async () => {
    const families = sent.slice(20, 28)
    const twice = { ...families[0], jenis_lantai: 'Tanah' }
    const batch = await strict('kunci-ganda', [...families, twice])
    expect(batch).toMatchObject({ refused_at: expect.any(String), counts: { received: 9, rejected: 9 } })
    const { findings } = await json<Static<typeof FindingPage>>(`/v1/batches/${batch.id}/findings?severity=hold`)
    expect(findings.map(({ line, code }) => [line, code])).toEqual([[9, 'key-twice']])
    expect(await gap()).toBe(0)
    expect((await strict('kunci-tunggal', families)).counts).toMatchObject({ new: 8 })
  })

  it('stands as it was when its worker dies before the commit, of either kind', async () => {
    const good = sent.slice(0, 6).map((one) => ({ ...one, jenis_lantai: 'Keramik' }))
    const bad = [...good, { ...sent[28], kode_kelurahan: '3199999999' }]
    for (const [key, records, point] of [
      ['mati-utuh', good, 'strict:before-commit'],
      ['mati-ditolak', bad, 'strict:before-refuse'],
    ] as const) {
      const id = await pushed(key, records)
      const dying = { ...gateway, deps: { ...gateway.deps, crash: dieAt(point) } } as TestGateway
      await workAll(dying, registry)
      expect(await batchOf(id), key).toMatchObject({ counts: { pending: records.length }, gap: 0, refused_at: null })
      expect(await gap()).toBe(0)
      await gateway.db.pool.query('update chunk set due_at = now(), attempts = 0 where batch = $1', [id])
      await workAll(gateway, registry)
      expect(await batchOf(id), key).toMatchObject({ state: 'settled', counts: { pending: 0 }, gap: 0 })
      expect(await gap()).toBe(0)
    }
  })

  it('is refused at the door beyond its limit, and is another push than a partial one of the same key', async () => {
    const many = Array.from({ length: 21 }, (_, at) => ({ ...sent[0], id_keluarga: `B-${at}` }))
    const answer = await carik('/v1/datasets/carik/batches?mode=strict', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'terlalu-besar' },
      body: linesOf(many),
    })
    expect(await problemOf(answer)).toEqual({ status: 422, code: 'strict-too-large' })
    const other = await push(carik, 'utuh', linesOf(sent.slice(0, 10)), { dataset: 'carik' })
    expect(await problemOf(other)).toEqual({ status: 422, code: 'key-reused' })
  })
})

function dieAt(point: string): (at: string) => undefined {
  return (at) => {
    if (at === point) throw new Error(`died at ${point}`)
  }
}
