import { readFile } from 'node:fs/promises'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import type { Batch } from '../../src/engine/batch-shapes.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import type { BatchReport } from '../../src/reports/batch/report-shape.ts'
import type { Conservation, FindingPage, RecordWay } from '../../src/reports/shapes.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Family = Record<string, unknown> & { id_keluarga: string; anggota: Record<string, unknown>[] }

const registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
let gateway: TestGateway
let carik: Call
let ops: Call
let sent: Family[]

beforeAll(async () => {
  gateway = await openGateway({ CHUNK_RECORDS: '4' }, registry)
  carik = await gateway.caller('carik-jakarta')
  ops = await gateway.caller(null, ['ops'])
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  sent = text
    .split('\n')
    .slice(0, 10)
    .map((line) => JSON.parse(line))
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

const linesOf = (records: readonly unknown[]) => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`
const json = async <T>(path: string, call: Call = carik, headers: Record<string, string> = {}) =>
  (await (await call(path, { headers })).json()) as T
const reportOf = (id: string, language = 'en') =>
  json<Static<typeof BatchReport>>(`/v1/batches/${id}/report`, carik, { 'accept-language': language })
const findings = async (id: string, query: string) =>
  (await json<Static<typeof FindingPage>>(`/v1/batches/${id}/findings?${query}`)).findings

/** Pushes records, or a text as it is, and works them. */
async function settled(key: string, body: readonly unknown[] | string): Promise<Static<typeof Batch>> {
  const text = typeof body === 'string' ? body : linesOf(body)
  const { id } = (await (await push(carik, key, text, { dataset: 'carik' })).json()) as { id: string }
  await workAll(gateway, registry)
  return json(`/v1/batches/${id}`)
}

/** Two families of a village that nobody knows (held), one of another province (rejected), and one NIK too short (a warning). */
function withFaults(): Family[] {
  const families = structuredClone(sent)
  for (const at of [1, 6]) Object.assign(families[at] as Family, { kode_kelurahan: '3199999999' })
  Object.assign(families[4] as Family, { kode_kelurahan: '3510010001' })
  const head = families[8]?.anggota[0] as Record<string, unknown>
  head.nik = '317'
  return families
}

describe('the report of a batch', () => {
  it('says in a sentence what became of it, why, how it is mended, and closes what a later push corrects', async () => {
    const first = await settled('laporan-1', withFaults())
    expect(first.counts).toMatchObject({ received: 10, pending: 0 })
    const bad = first.counts.held + first.counts.rejected
    expect(bad).toBeGreaterThanOrEqual(3)
    const report = await reportOf(first.id)
    expect(report.verdict).toMatch(/^\d of 10 entries were taken .*rejected and .*held\. Most often: /)
    // The rejected entry stands above the held ones, and is not the most frequent.
    expect(report.verdict).toMatch(/\(2 entries\)\.$/)
    expect((await reportOf(first.id, 'id')).verdict).toMatch(/^\d dari 10 data dipakai/)
    expect(report.before).toBeNull()
    const short = report.causes.find(({ code }) => code === 'nik-length')
    expect(short).toMatchObject({
      severity: 'warning',
      entries: 1,
      mend: expect.stringContaining('16 digits'),
      fields: [{ field: '/anggota/*/nik', entries: 1 }],
      examples: [{ line: 9, key: sent[8]?.id_keluarga, form: '999' }],
    })
    expect(report.quality).toContainEqual({ field: '/anggota/*/nik', entries: 8, score: 0.2, before: null })
    expect(JSON.stringify(report)).not.toContain('317"')

    const held = await carik(`/v1/batches/${first.id}/rows/held`)
    expect(held.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const back = (await held.text()).split('\n').filter((line) => line !== '')
    expect(back.map((line) => (JSON.parse(line) as Family).id_keluarga)).toEqual([
      sent[1]?.id_keluarga,
      sent[6]?.id_keluarga,
    ])

    // What comes back is pushed as it is, mended in one of the two.
    const mended = back.map((line, at) =>
      at === 0 ? line.replace('3199999999', String(sent[1]?.kode_kelurahan)) : line,
    )
    const second = await settled('laporan-2', `${mended.join('\n')}\n`)
    expect(second.counts).toMatchObject({ received: 2, new: 1, held: 1 })
    expect(await json(`/v1/batches/${first.id}`)).toMatchObject({
      counts: { held: 2 },
      corrected: { held: 1, rejected: 0 },
    })
    expect(await findings(first.id, 'severity=hold&corrected=yes')).toEqual([
      expect.objectContaining({ line: 2, outcome: 'held', corrected_by: second.id }),
    ])
    expect((await (await carik(`/v1/batches/${first.id}/rows/held`)).text()).trim().split('\n')).toHaveLength(1)
    const way = await json<Static<typeof RecordWay>>(`/v1/records/carik/${sent[1]?.id_keluarga}`)
    expect(way.entries.map(({ outcome, corrected_by: by }) => [outcome, by])).toEqual([
      ['held', second.id],
      ['new', null],
    ])
    const again = await reportOf(second.id)
    expect(again.before).toMatchObject({ batch: first.id, received: 10 })
    expect(again.causes[0]).toMatchObject({ severity: 'hold', entries: 1, before: 2 })
    const { gap, platforms } = await json<Static<typeof Conservation>>('/v1/conservation', ops)
    expect(gap).toBe(0)
    expect(platforms[0]?.corrected).toEqual({ rejected: 0, held: 1 })
  })

  it('closes a rejected record too, when the record comes well under its key', async () => {
    const wrong = structuredClone(sent.slice(0, 1)).map((one) => ({
      ...one,
      id_keluarga: 'KOREKSI-1',
      anggota: 'tidak ada',
    }))
    const first = await settled('tolak-1', wrong)
    expect(first.counts).toMatchObject({ rejected: 1 })
    const back = await (await carik(`/v1/batches/${first.id}/rows/rejected`)).text()
    expect(JSON.parse(back)).toMatchObject({ _titian: { line: 1, outcome: 'rejected' } })
    await settled('tolak-2', [{ ...sent[9], id_keluarga: 'KOREKSI-1' }])
    expect(await json(`/v1/batches/${first.id}`)).toMatchObject({ corrected: { rejected: 1, held: 0 } })
    expect(await (await carik(`/v1/batches/${first.id}/rows/rejected`)).text()).toBe('')
  })

  it('lists findings by severity, code, field and outcome, page by page', async () => {
    const { batches } = await json<{ batches: Static<typeof Batch>[] }>('/v1/batches')
    const id = batches.at(-1)?.id ?? ''
    const all = await findings(id, 'limit=1000')
    for (const [query, holds] of [
      ['severity=hold', (one: (typeof all)[number]) => one.severity === 'hold'],
      ['code=nik-length', (one) => one.code === 'nik-length'],
      ['field=nik', (one) => /\/nik$/.test(one.path)],
      ['outcome=rejected', (one) => one.outcome === 'rejected'],
    ] satisfies [string, (one: (typeof all)[number]) => boolean][]) {
      const wanted = all.filter(holds)
      expect(wanted.length, query).toBeGreaterThan(0)
      const found: unknown[] = []
      let link: string | undefined = `/v1/batches/${id}/findings?${query}&limit=1`
      while (link !== undefined) {
        const answer: Response = await carik(link)
        found.push(...((await answer.json()) as Static<typeof FindingPage>).findings)
        link = /<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1]
      }
      expect(found, query).toEqual(wanted)
    }
  })

  it('is not for another platform, and its rows for nobody but the sender', async () => {
    const { batches } = await json<{ batches: Static<typeof Batch>[] }>('/v1/batches')
    const id = batches[0]?.id ?? ''
    const other = await gateway.caller('sumedang')
    expect((await other(`/v1/batches/${id}/report`)).status).toBe(404)
    expect((await other(`/v1/batches/${id}/rows/held`)).status).toBe(404)
    const steward = await gateway.caller(null, ['steward', 'batches:read'])
    expect((await steward(`/v1/batches/${id}/report`)).status).toBe(200)
    expect((await steward(`/v1/batches/${id}/rows/held`)).status).toBe(403)
    expect((await carik(`/v1/batches/${id}/rows/held`, { headers: { accept: 'text/csv' } })).status).toBe(406)
  })

  it('is waited for, and not sent twice', async () => {
    const answer = await push(carik, 'tunggu', linesOf([{ ...sent[0], id_keluarga: 'TUNGGU-1' }]), { dataset: 'carik' })
    const { id } = (await answer.json()) as { id: string }
    const early = await carik(`/v1/batches/${id}`)
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(await early.json()).toMatchObject({ state: 'received', expected_at: expect.any(String) })
    const waiting = carik(`/v1/batches/${id}?wait=20`)
    await workAll(gateway, registry)
    const settledAnswer = await waiting
    expect(await settledAnswer.json()).toMatchObject({ state: 'settled' })
    const etag = settledAnswer.headers.get('etag') ?? ''
    const again = await carik(`/v1/batches/${id}`, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  }, 30_000)
})
