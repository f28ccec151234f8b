import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { JEMBRANA_HEAD, jembranaRow, postResults, type WholeRegistry, workThrough } from '../results/posting.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'

const NIK = '5101010703760001'
const KK = '5101052702130001'

const RESULT = { version: '2026-Q2', as_of: '2026-06-30', status: 'active' }

type Call = Awaited<ReturnType<TestGateway['caller']>>
let registry: WholeRegistry
let gateway: TestGateway
let bps: Call
let jembrana: Call

async function pushRows(key: string, ...rows: string[]): Promise<void> {
  const body = `${[JEMBRANA_HEAD, ...rows].join('\n')}\n`
  expect((await push(jembrana, key, body, { dataset: 'jembrana', 'content-type': 'text/csv' })).status).toBe(202)
  await workThrough(gateway, registry)
}

beforeAll(async () => {
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({}, registry)
  bps = await gateway.caller(null, ['results:write'])
  jembrana = await gateway.caller('jembrana')
  await pushRows('k-1', jembranaRow('IB1'))
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

const post = (key: string, ...lines: object[]) => postResults(gateway, registry, bps, lines, { key })

describe('results that BPS posts', () => {
  it('take effect once, by NIK and by No. KK, with sums of their own', async () => {
    const lines = [
      { nik: NIK, ...RESULT, dukcapil: 'match' },
      { no_kk: KK, ...RESULT, deciles: [{ level: 'national', value: 2, version: '2026-Q2', period: '2026-Q2' }] },
    ]
    const first = await post('r-1', ...lines)
    expect(first).toMatchObject({ batch: { state: 'settled', gap: 0, counts: { received: 2, new: 2 } }, findings: [] })
    const again = await post('r-2', ...lines)
    expect(again).toMatchObject({ batch: { counts: { received: 2, unchanged: 2 } }, findings: [] })
    const sums = (await (await bps('/v1/conservation')).json()) as { gap: number; batches: object[] }
    expect(sums).toMatchObject({ gap: 0, batches: [{ delivered: 0 }, { delivered: 2, delivery_gap: 0 }] })
  })

  it('never put an older one over a newer', async () => {
    const newer = await post('r-3', {
      nik: NIK,
      ...RESULT,
      version: '2026-Q3',
      as_of: '2026-09-30',
      status: 'dead',
      reason: 'death-registered',
    })
    expect(newer.batch.counts).toMatchObject({ updated: 1 })
    const older = await post('r-4', { nik: NIK, ...RESULT })
    expect(older.batch.counts).toMatchObject({ unchanged: 1 })
    expect(older.findings).toEqual([[1, 'result-older', '/as_of']])
  })

  it('say what is wrong with a line and lose no other', async () => {
    const ok = { nik: NIK, ...RESULT, version: '2026-Q3', as_of: '2026-10-31' }
    const { batch, findings } = await post(
      'r-5',
      { nik: '5101010703760009', ...RESULT },
      { nik: '51010107', ...RESULT },
      { ...RESULT },
      { no_kk: KK, ...RESULT, dukcapil: 'match' },
      { no_kk: KK, nik: NIK, ...RESULT },
      { ...ok, deciles: [{ level: 'national', value: 1, version: 'x', period: '2026-Q5' }] },
      { ...ok, deciles: [{ level: 'national', value: 1, version: 'x', period: '2999-Q1' }] },
      { ...ok, as_of: '2999-01-01' },
      { ...ok, status: 'dead' },
      { ...ok, status: 'dead', reason: 'moved-abroad' },
      { ...ok, corrections: [{ field: 'luas_lantai', value: 20, reason: 'field-check' }] },
      { ...ok, corrections: [{ field: 'tinggi_badan', value: '1', reason: 'field-check' }] },
      { ...ok, corrections: [{ field: 'status_kawin', value: '9', reason: 'field-check' }] },
      { ...ok, memberships: [{ programme: 'bansos', from: '2026-01-01', to: null }] },
      { ...ok, memberships: [{ programme: 'pkh', from: '2026-01-01', to: '2025-01-01' }] },
      { ...ok, gaji: 5 },
      { subject: 'per_00000000000000000000000000', ...ok, nik: undefined },
      ok,
    )
    expect(findings).toEqual([
      [1, 'result-subject-unknown', '/nik'],
      [2, 'result-number', '/nik'],
      [3, 'result-subject-missing', ''],
      [4, 'result-level', '/dukcapil'],
      [5, 'result-level', '/no_kk'],
      [6, 'result-period', '/deciles/0/period'],
      [7, 'result-period', '/deciles/0/period'],
      [8, 'result-future', '/as_of'],
      [9, 'result-reason-missing', '/reason'],
      [10, 'result-reason-unknown', '/reason'],
      [11, 'result-level', '/corrections/0/field'],
      [12, 'result-field-unknown', '/corrections/0/field'],
      [13, 'result-code-unknown', '/corrections/0/value'],
      [14, 'result-programme-unknown', '/memberships/0/programme'],
      [15, 'result-membership-dates', '/memberships/0/to'],
      [16, 'result-form', ''],
      [17, 'result-subject-unknown', '/subject'],
    ])
    expect(batch.counts).toMatchObject({ received: 18, rejected: 17, updated: 1 })
    expect(batch.gap).toBe(0)
  })

  it('come as a file of the DTSEN too, malformed rows rejected alone', async () => {
    const layout = registry.datasets.get('dtsen-keluarga')?.format
    if (layout?.kind !== 'csv') throw new Error('no layout')
    const cells = (values: Record<string, string>) => layout.columns.map((name) => values[name] ?? '').join('|')
    const file = [
      layout.columns.join('|'),
      cells({ nomor_kartu_keluarga: KK, desil_nasional: '3', jenis_lantai_terluas: '1' }),
      cells({ nomor_kartu_keluarga: KK, desil_nasional: '11' }),
      'a|b',
    ].join('\n')
    const query = '?format=dtsen-keluarga&version=2026-Q3&as_of=2026-09-30'
    const { batch, findings } = await postResults(gateway, registry, bps, `${file}\n`, {
      key: 'r-6',
      query,
      type: 'text/csv',
    })
    expect(findings).toEqual([
      [3, 'result-value', '/desil_nasional'],
      [4, 'csv-ragged-short', ''],
    ])
    expect(batch.counts).toMatchObject({ received: 3, updated: 1, rejected: 2 })
    const bare = await bps('/v1/results?format=dtsen-keluarga', {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': 'r-7' },
      body: file,
    })
    expect(await problemOf(bare)).toEqual({ status: 400, code: 'bad-request' })
  })

  it('belong to the national side: no region posts them, or sees them or their sums', async () => {
    const denied = await jembrana('/v1/results', { method: 'POST', body: '{}' })
    expect(denied.status).toBe(403)
    const { batches } = (await (await jembrana('/v1/batches')).json()) as { batches: { platform: string }[] }
    expect(batches.map(({ platform }) => platform)).toEqual(['jembrana'])
    const sums = (await (await jembrana('/v1/conservation')).json()) as { platforms: { platform: string }[] }
    expect(sums.platforms.map(({ platform }) => platform)).toEqual(['jembrana'])
    const { batches: own } = (await (await bps('/v1/batches')).json()) as {
      batches: { platform: string; id: string }[]
    }
    expect(new Set(own.map(({ platform }) => platform))).toEqual(new Set(['bps']))
    expect((await jembrana(`/v1/batches/${own[0]?.id}`)).status).toBe(404)
  })

  it('are refused as a whole when the body is too large, of another kind, or without a key', async () => {
    await using small = await openGateway({ BODY_BYTES: '1000' }, registry)
    const caller = await small.caller(null, ['results:write'])
    const send = (headers: Record<string, string>, body: string) =>
      caller('/v1/results', { method: 'POST', headers: { 'content-type': 'application/x-ndjson', ...headers }, body })
    const line = `${JSON.stringify({ nik: NIK, ...RESULT })}\n`
    expect(await problemOf(await send({ 'idempotency-key': 'b-1' }, line.repeat(100)))).toEqual({
      status: 413,
      code: 'body-too-large',
    })
    expect(await problemOf(await send({ 'idempotency-key': 'b-2', 'content-type': 'text/csv' }, line))).toEqual({
      status: 415,
      code: 'type-unsupported',
    })
    expect(await problemOf(await send({}, line))).toEqual({ status: 400, code: 'key-missing' })
    expect(await problemOf(await send({ 'idempotency-key': 'b-3' }, ''))).toEqual({ status: 400, code: 'body-empty' })
    expect((await send({ 'idempotency-key': 'b-4' }, line)).status).toBe(202)
    expect((await send({ 'idempotency-key': 'b-4' }, line)).status).toBe(200)
    expect(await problemOf(await send({ 'idempotency-key': 'b-4' }, line.repeat(2)))).toEqual({
      status: 422,
      code: 'key-reused',
    })
  })
})
