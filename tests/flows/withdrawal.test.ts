import { readFile } from 'node:fs/promises'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { type Registry, readParts } from '../../src/catalogue/registry.ts'
import { mostAbsentOf } from '../../src/catalogue/snapshots.ts'
import type { Batch } from '../../src/engine/batch-shapes.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { finishSnapshots } from '../../src/link/withdraw/snapshot.db.ts'
import type { Withdrawal } from '../../src/link/withdraw/withdraw-shapes.ts'
import type { Conservation, FindingPage, RecordWay } from '../../src/reports/shapes.ts'
import { readAuditOf } from '../../src/trust/audit/audit.sql.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Family = Record<string, unknown> & { id_keluarga: string; anggota: Record<string, unknown>[] }

let registry: Registry
let gateway: TestGateway
let carik: Call
let ops: Call
let families: Family[]

beforeAll(async () => {
  registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
  gateway = await openGateway({ CHUNK_RECORDS: '4' }, registry)
  carik = await gateway.caller('carik-jakarta')
  ops = await gateway.caller(null, ['ops'])
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  families = text
    .split('\n')
    .slice(0, 60)
    .map((line) => JSON.parse(line))
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

const JSON_BODY = { 'content-type': 'application/json' }
const work = () => workAll(gateway, registry)
const finish = () => finishSnapshots(gateway.db.pool, { mostAbsent: mostAbsentOf(registry), crash: () => undefined })
const bodyOf = (records: readonly Family[]) => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`
const batchOf = async (id: string) => (await (await carik(`/v1/batches/${id}`)).json()) as Static<typeof Batch>
const gap = async () => ((await (await ops('/v1/conservation')).json()) as Static<typeof Conservation>).gap
const way = async (key: string) =>
  (await (await carik(`/v1/records/carik/${key}`, { headers: { 'accept-language': 'en' } })).json()) as Static<
    typeof RecordWay
  >
const remove = (key: string, { dataset = 'carik', reason = 'moved', call = carik } = {}) =>
  call(`/v1/records/${dataset}/${encodeURIComponent(key)}?reason=${reason}`, { method: 'DELETE' })
const withdrawn = async (answer: Response | Promise<Response>) =>
  (await (await answer).json()) as Static<typeof Withdrawal>
const withdrawBatch = (id: string, reason = 'mistaken', call: Call = carik) =>
  call(`/v1/batches/${id}/withdraw`, { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ reason }) })
const abort = (id: string, call: Call = carik) => call(`/v1/batches/${id}/abort`, { method: 'POST' })

/** Families under keys of their own. */
const keyed = (prefix: string, from: number, to: number) =>
  families.slice(from, to).map((family) => ({ ...family, id_keluarga: `${prefix}-${family.id_keluarga}` }))

async function pushed(key: string, records: readonly Family[], mode = ''): Promise<string> {
  const answer = await carik(`/v1/datasets/carik/batches${mode}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
    body: bodyOf(records),
  })
  return ((await answer.json()) as { id: string }).id
}

/** Families committed as the one file of a submission. */
async function submitted(key: string, records: readonly Family[], replaces?: string) {
  const post = (path: string, headers: Record<string, string>, body: string) =>
    carik(path, { method: 'POST', headers, body })
  const opened = await post('/v1/submissions', { ...JSON_BODY, 'idempotency-key': key }, JSON.stringify({ replaces }))
  const { id } = (await opened.json()) as { id: string }
  const part = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'a' }
  await post(`/v1/submissions/${id}/files/carik.ndjson?dataset=carik`, part, bodyOf(records))
  const answer = await post(`/v1/submissions/${id}/commit`, JSON_BODY, JSON.stringify({ files: ['carik.ndjson'] }))
  const { files } = (await answer.json()) as { files: { batch: string }[] }
  return { id, batch: files[0]?.batch ?? '' }
}

describe('DELETE /v1/records/{dataset}/{key}', () => {
  it('withdraws a record, tells BPS, shows it on the record, and the sums close at every moment', async () => {
    const records = keyed('A', 0, 3)
    const [key] = records.map(({ id_keluarga }) => id_keluarga)
    await pushed('a', records)
    await work()
    const answer = await remove(key ?? '')
    expect(answer.status).toBe(202)
    const { batch, reason } = await withdrawn(answer)
    expect(answer.headers.get('location')).toBe(`/v1/batches/${batch.id}`)
    expect([reason, batch.kind, batch.counts.pending, batch.gap, await gap()]).toEqual(['moved', 'withdrawal', 1, 0, 0])
    await work()
    expect(await batchOf(batch.id)).toMatchObject({ state: 'settled', counts: { updated: 1, pending: 0 }, gap: 0 })
    expect(await gap()).toBe(0)
    const shown = await way(key ?? '')
    expect(shown.withdrawn).toMatchObject({ batch: batch.id, reason: 'moved', title: expect.stringContaining('moved') })
    expect(shown.entries.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['push', 'new'],
      ['withdrawal', 'updated'],
    ])
    expect([shown.subjects, shown.deliveries.length]).toEqual([[], 2])
    const again = await withdrawn(remove(key ?? '', { reason: 'dead' }))
    expect([again.batch.id, again.reason]).toEqual([batch.id, 'moved'])
    expect(await readAuditOf(gateway.db.pool, 'batch', batch.id)).toMatchObject([{ action: 'record.withdrawn' }])
  })

  it('lets the same key be pushed again, as new', async () => {
    const records = keyed('B', 3, 4)
    const key = records[0]?.id_keluarga ?? ''
    await pushed('b', records)
    await work()
    await remove(key)
    await work()
    await pushed('b-again', records)
    await work()
    const shown = await way(key)
    expect(shown.entries.map(({ outcome }) => outcome)).toEqual(['new', 'updated', 'new'])
    expect(shown.withdrawn).toBeNull()
    expect(await gap()).toBe(0)
  })

  it('refuses what is no reason, what is another’s, what was never pushed, and who may not', async () => {
    const key = keyed('A', 1, 2)[0]?.id_keluarga ?? ''
    const sumedang = await gateway.caller('sumedang')
    const reader = await gateway.caller('carik-jakarta', ['records:read'])
    for (const [answer, status, code] of [
      [remove(key, { reason: 'absent' }), 400, 'bad-request'],
      [remove(key, { reason: 'because' }), 400, 'bad-request'],
      [carik(`/v1/records/carik/${key}`, { method: 'DELETE' }), 400, 'bad-request'],
      [remove(key, { call: sumedang }), 404, 'not-found'],
      [remove('nobody'), 404, 'not-found'],
      [remove(key, { dataset: 'nothing' }), 404, 'not-found'],
      [remove(key, { call: reader }), 403, 'scope-missing'],
      [remove(key, { call: ops }), 403, 'scope-missing'],
    ] as const)
      expect(await problemOf(await answer)).toEqual({ status, code })
  })
})

describe('a whole batch', () => {
  it('is aborted while it is under way, and withdrawn afterwards', async () => {
    const id = await pushed('c', keyed('C', 4, 14))
    expect(await problemOf(await withdrawBatch(id))).toEqual({ status: 409, code: 'batch-pending' })
    const answer = await abort(id)
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ state: 'settled', counts: expect.objectContaining({ rejected: 10, pending: 0 }) }),
    ])
    expect(await batchOf(id)).toMatchObject((await (await abort(id)).json()) as Static<typeof Batch>)
    const page = (await (await carik(`/v1/batches/${id}/findings`)).json()) as Static<typeof FindingPage>
    expect(new Set(page.findings.map(({ code }) => code))).toEqual(new Set(['batch-aborted']))
    expect(await gap()).toBe(0)

    const other = await pushed('d', keyed('D', 4, 14))
    await work()
    expect(await problemOf(await abort(other))).toEqual({ status: 409, code: 'batch-linked' })
    const { batch, about } = await withdrawn(withdrawBatch(other))
    expect([about, batch.counts.received]).toEqual([other, 10])
    await work()
    expect(await batchOf(batch.id)).toMatchObject({ counts: { updated: 10 }, gap: 0 })
    expect(await gap()).toBe(0)
    expect((await withdrawn(withdrawBatch(other))).batch.id).toBe(batch.id)
    expect(await problemOf(await withdrawBatch(batch.id))).toEqual({ status: 409, code: 'batch-not-pushed' })
  })

  it('is nobody else’s to end', async () => {
    const sumedang = await gateway.caller('sumedang')
    const id = await pushed('e', keyed('E', 14, 15))
    await work()
    for (const answer of [abort(id, sumedang), withdrawBatch(id, 'mistaken', sumedang)])
      expect(await problemOf(await answer)).toEqual({ status: 404, code: 'not-found' })
    expect(await problemOf(await withdrawBatch(id, 'mistaken', ops))).toEqual({ status: 403, code: 'scope-missing' })
  })
})

describe('mode=snapshot', () => {
  it('withdraws what is absent; a shrunken one is held until operators decide; the sums close', async () => {
    const base = keyed('S', 20, 50)
    // What the tests before left stands under the same dataset: the first snapshot takes it away by decision.
    const first = await pushed('s1', base, '?mode=snapshot')
    await work()
    await finish()
    if ((await batchOf(first)).snapshot?.state === 'held') {
      const body = JSON.stringify({ decision: 'withdraw', reason: 'the test begins anew' })
      await ops(`/v1/batches/${first}/snapshot`, { method: 'POST', headers: JSON_BODY, body })
    }
    await work()
    expect((await batchOf(first)).snapshot?.state).toBe('withdrawn')

    const second = await pushed('s2', base.slice(0, 29), '?mode=snapshot')
    await work()
    await finish()
    await work()
    const { snapshot } = await batchOf(second)
    expect(snapshot).toMatchObject({ state: 'withdrawn' })
    expect(snapshot?.absent).toBeGreaterThan(0)
    expect((await way(base[29]?.id_keluarga ?? '')).withdrawn).toMatchObject({ reason: 'absent', about: second })

    const third = await pushed('s3', base.slice(0, 10), '?mode=snapshot')
    await work()
    await finish()
    expect((await batchOf(third)).snapshot).toMatchObject({ state: 'held' })
    const page = (await (await carik(`/v1/batches/${third}/findings`)).json()) as Static<typeof FindingPage>
    expect(page.findings.map(({ code }) => code)).toContain('snapshot-shrunken')
    expect((await way(base[15]?.id_keluarga ?? '')).withdrawn).toBeNull()
    const decide = (decision: string, call: Call = ops) =>
      call(`/v1/batches/${third}/snapshot`, {
        method: 'POST',
        headers: JSON_BODY,
        body: JSON.stringify({ decision, reason: 'asked the region' }),
      })
    expect(await problemOf(await decide('withdraw', carik))).toEqual({ status: 403, code: 'scope-missing' })
    expect(await (await decide('keep')).json()).toMatchObject({ snapshot: { state: 'kept' } })
    expect(await problemOf(await decide('withdraw'))).toEqual({ status: 409, code: 'snapshot-decided' })
    expect(await gap()).toBe(0)
  })

  it('is another thing than a push under the same key', async () => {
    const body = bodyOf(keyed('T', 50, 51))
    await push(carik, 'mode', body, { dataset: 'carik' })
    const answer = await carik('/v1/datasets/carik/batches?mode=snapshot', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'mode' },
      body,
    })
    expect(await problemOf(answer)).toEqual({ status: 422, code: 'key-reused' })
  })
})

describe('a submission that takes the place of an earlier one', () => {
  it('withdraws what the earlier one stated and it does not, touches no other batch, and closes the sums', async () => {
    const base = keyed('R', 30, 60)
    const other = keyed('R-other', 0, 1)
    await pushed('r-other', other)
    const first = await submitted('r1', base)
    await work()
    const second = await submitted('r2', base.slice(0, 29), first.id)
    await work()
    await finish()
    expect(await gap()).toBe(0)
    await work()
    const { snapshot } = await batchOf(second.batch)
    expect(snapshot).toMatchObject({ state: 'withdrawn' })
    expect((await way(base[29]?.id_keluarga ?? '')).withdrawn).toMatchObject({ reason: 'absent', about: second.batch })
    for (const { id_keluarga } of [base[0], ...other] as Family[]) expect((await way(id_keluarga)).withdrawn).toBeNull()
    expect(await gap()).toBe(0)
  })
})
