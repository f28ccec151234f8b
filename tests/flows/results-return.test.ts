import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import type { ReturnedResult } from '../../src/results/returned/returned-shape.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { JEMBRANA_HEAD, jembranaRow, postResults, type WholeRegistry, workThrough } from '../results/posting.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'

const NIK = '5101010703760001'
const RESULT = { version: '2026-Q3', as_of: '2026-09-30', status: 'active' }

type Call = Awaited<ReturnType<TestGateway['caller']>>
let registry: WholeRegistry
let gateway: TestGateway
let bps: Call
let jembrana: Call

const PLATFORM_SCOPES = ['batches:write', 'batches:read', 'records:read', 'results:read', 'conservation:read'] as const

beforeAll(async () => {
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({}, registry)
  bps = await gateway.caller(null, ['results:write'])
  jembrana = await gateway.caller('jembrana', [...PLATFORM_SCOPES])
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

async function pushRows(key: string, ...rows: string[]): Promise<void> {
  const body = `${[JEMBRANA_HEAD, ...rows].join('\n')}\n`
  const sent = await push(jembrana, key, body, { dataset: 'jembrana', 'content-type': 'text/csv' })
  expect(sent.status).toBe(202)
  await workThrough(gateway, registry)
}

async function page(call: Call, after = '0', query = ''): Promise<{ results: ReturnedResult[]; next: string }> {
  const answer = await call(`/v1/results?after=${after}${query}`)
  expect(answer.status).toBe(200)
  const next = new URL(/<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1] ?? '', 'http://x').searchParams.get(
    'after',
  )
  const lines = (await answer.text()).split('\n').filter(Boolean)
  return { results: lines.map((line) => JSON.parse(line) as ReturnedResult), next: next ?? '' }
}

describe('results that come home', () => {
  it('arrive under own key and code, with what has no way back named, and again when there is news', async () => {
    await pushRows('k-1', jembranaRow('IB1'))
    const corrections = [
      { field: 'status_kawin', value: '4', reason: 'civil-registry' },
      { field: 'nama', value: 'I KETUT BENAR', reason: 'civil-registry' },
      { field: 'tanggal_lahir', value: '1976-03-08', reason: 'civil-registry' },
      { field: 'penglihatan', value: '1', reason: 'field-check' },
      { field: 'jenis_kelamin', value: '1', reason: 'field-check' },
    ]
    const mend = [{ field: 'status_kawin', reason: 'value-doubtful' }]
    await postResults(gateway, registry, bps, [{ nik: NIK, ...RESULT, dukcapil: 'match', corrections, mend }], {
      key: 'r-1',
    })
    const { results, next } = await page(jembrana)
    expect(results).toMatchObject([
      { dataset: 'jembrana', key: 'IB1', level: 'individu', status: 'active', dukcapil: 'match', same_as: [] },
    ])
    const [result] = results
    expect(result?.corrections.map(({ field, own, no_way_back: none }) => [field, own ?? none])).toEqual([
      ['status_kawin', [{ column: 'STATUS_KAWIN', value: 'CERAI MATI' }]],
      ['nama', [{ column: 'NAMA', value: 'I KETUT BENAR' }]],
      ['tanggal_lahir', 'condition'],
      ['penglihatan', 'inferred'],
    ])
    expect(result?.mend).toMatchObject([{ columns: ['STATUS_KAWIN'], reason: 'value-doubtful' }])
    expect((await page(jembrana, next)).results).toEqual([])
    await postResults(
      gateway,
      registry,
      bps,
      [{ nik: NIK, ...RESULT, as_of: '2026-10-31', status: 'dead', reason: 'death-registered' }],
      { key: 'r-2' },
    )
    const news = await page(jembrana, next)
    expect(news.results).toMatchObject([{ key: 'IB1', status: 'dead', reason: 'death-registered' }])
    expect(news.results[0]?.reason_text).toMatch(/Akta kematian/)
  })

  it('follow a record that comes after them, and say which own records are one person', async () => {
    const { next } = await page(jembrana)
    await pushRows('k-2', jembranaRow('IB2'))
    const { results } = await page(jembrana, next)
    expect(results.map(({ key, same_as }) => [key, same_as.map((other) => other.key)]).sort()).toEqual([
      ['IB1', ['IB2']],
      ['IB2', ['IB1']],
    ])
  })

  it('are no other platform’s to read, and none of a client of no platform', async () => {
    const carik = await gateway.caller('carik-jakarta', [...PLATFORM_SCOPES])
    expect((await page(carik)).results).toEqual([])
    expect((await bps('/v1/results')).status).toBe(403)
  })

  it('come as CSV in the dataset’s own column names', async () => {
    const answer = await jembrana('/v1/results?dataset=jembrana', { headers: { accept: 'text/csv' } })
    const [head = '', ...rows] = (await answer.text()).trim().split('\r\n')
    expect(head.split(',')).toEqual(expect.arrayContaining(['hasil_status', 'KODE_DATA', 'STATUS_KAWIN']))
    const at = head.split(',').indexOf('KODE_DATA')
    expect(rows.map((row) => row.split(',')[at]).sort()).toEqual(['IB1', 'IB2'])
    const none = await jembrana('/v1/results', { headers: { accept: 'text/csv' } })
    expect(await problemOf(none)).toEqual({ status: 400, code: 'bad-request' })
  })

  it('stand at the record that they are about, for who may read results', async () => {
    const way = await (await jembrana('/v1/records/jembrana/IB1')).json()
    expect(way).toMatchObject({ results: [{ key: 'IB1', level: 'individu', status: 'dead' }] })
    const blind = await gateway.caller('jembrana', ['records:read'])
    expect(await (await blind('/v1/records/jembrana/IB1')).json()).toMatchObject({ results: [] })
  })

  it('refuse a cursor that this database has never given', async () => {
    for (const after of ['000000000000-1', `${(await page(jembrana)).next.split('-')[0]}-999999`]) {
      expect(await problemOf(await jembrana(`/v1/results?after=${after}`))).toEqual({
        status: 410,
        code: 'feed-renewed',
      })
    }
  })
})
