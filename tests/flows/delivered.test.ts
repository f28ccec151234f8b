import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Registry } from '../../src/catalogue/registry.ts'
import { openRegistry } from '../../src/deps.ts'
import type { GoldenLine } from '../../src/domain/golden.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { titian } from '../support/command.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'
import { workUntilComposed } from './stages.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Way = { deliveries: { status: string; taken: boolean | null; refused: { code: string; title: string }[] }[] }

let registry: Registry
let gateway: TestGateway
let carik: Call
let ops: Call
let bps: Call
let keys: string[]
let batch: string

/** Two families in a delivery that BPS may pull. */
beforeAll(async () => {
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({}, registry)
  carik = await gateway.caller('carik-jakarta')
  ops = await gateway.caller(null, ['ops'])
  bps = await gateway.caller(null, ['deliveries:read', 'deliveries:ack'])
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  const lines = text.split('\n').slice(0, 2)
  keys = lines.map((line) => JSON.parse(line).id_keluarga)
  const pushed = await push(carik, 'dua', `${lines.join('\n')}\n`, { dataset: 'carik' })
  batch = ((await pushed.json()) as { id: string }).id
  await workUntilComposed(gateway, registry)
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

async function json<T = Record<string, unknown>>(call: Call, path: string): Promise<T> {
  const answer = await call(path, { headers: { 'accept-language': 'en' } })
  expect(answer.status).toBe(200)
  return (await answer.json()) as T
}

const batchNow = () => json(carik, `/v1/batches/${batch}`)
const wayOf = (key: string | undefined) => json<Way>(carik, `/v1/records/carik/${key}`)
const metric = async (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(await (await ops('/metrics')).text())?.[1]

describe('composed is not delivered', () => {
  it('until BPS has fetched and acknowledged it, and each place says which of them it is', async () => {
    const before = await batchNow()
    expect(before).toMatchObject({
      state: 'received',
      counts: { new: 2, pending: 0 },
      deliveries: {
        composed: 1,
        sent: 0,
        acknowledged: 0,
        entries: { delivered: 0, open: 2 },
        open_since: expect.any(String),
      },
    })
    expect(await json(ops, '/v1/conservation')).toMatchObject({ gap: 0, delivered: 0, open: 2, open_deliveries: 1 })
    expect((await wayOf(keys[0])).deliveries).toMatchObject([{ status: 'composed', taken: null, refused: [] }])
    expect(await metric('titian_deliveries\\{status="composed"\\}')).toBe('1')
    expect(await metric('titian_open_delivery_entries')).toBe('2')
    const { cookie } = await gateway.person(['ops'])
    const home = await fetch(`${gateway.url}/console?lang=en`, { headers: { cookie } })
    expect(await home.text()).toMatch(/Not delivered to BPS<\/span><strong class="">2</)

    const secretFile = join(await mkdtemp(join(tmpdir(), 'titian-status-')), 'secret')
    await writeFile(secretFile, ops.secret)
    const said = await titian(['status', '--url', gateway.url, '--client', ops.id, '--secret-file', secretFile])
    await rm(dirname(secretFile), { recursive: true })
    expect(said.code).toBe(0)
    expect(said.out).toContainEqual(expect.stringMatching(/^Delivered 0 entries; open 2 in 1 deliveries since \d{4}-/))
    expect(said.out).toContainEqual(expect.stringMatching(/dlv_\w+ +carik-jakarta +composed +0 +- /))

    const { deliveries } = await json<{ deliveries: { manifest: { delivery: string; digest: string } }[] }>(
      bps,
      '/v1/deliveries',
    )
    const { delivery, digest } = deliveries[0]?.manifest ?? { delivery: '', digest: '' }
    const records = await bps(`/v1/deliveries/${delivery}/records`, { headers: { 'accept-encoding': 'zstd' } })
    const bytes = Buffer.from(await records.arrayBuffer())
    const text =
      records.headers.get('content-encoding') === 'zstd' && bytes[0] === 0x28 ? zstdDecompressSync(bytes) : bytes
    expect(await batchNow()).toMatchObject({ deliveries: { composed: 0, sent: 1, entries: { delivered: 0, open: 2 } } })
    expect(await json(ops, `/v1/deliveries/${delivery}`)).toMatchObject({
      status: 'sent',
      batch,
      attempts: 0,
      sent_at: expect.any(String),
      acknowledged_at: null,
      kept: true,
    })

    const lines = text
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as GoldenLine)
    const family = lines.find(({ level, entries }) => level === 'keluarga' && entries[0]?.[1] === 1)
    const refused = [{ subject: family?.subject, code: 'region-unknown' }]
    const ack = await bps(`/v1/deliveries/${delivery}/ack`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digest, refused }),
    })
    expect(ack.status).toBe(200)
    expect(await batchNow()).toMatchObject({
      state: 'settled',
      deliveries: {
        sent: 0,
        acknowledged: 1,
        entries: { delivered: 2, open: 0 },
        records_refused: 1,
        open_since: null,
      },
    })
    expect(await json(ops, '/v1/conservation')).toMatchObject({ gap: 0, delivered: 2, open: 0, open_since: null })
    expect(await json(ops, `/v1/deliveries/${delivery}`)).toMatchObject({
      status: 'acknowledged',
      refused: 1,
      acknowledged_by: bps.id,
    })
    expect(await metric('titian_open_delivery_entries')).toBe('0')
  })

  it('and a record that BPS would not take is a finding of its entry, and told by its key with the reason', async () => {
    const { findings } = await json<{ findings: object[] }>(carik, `/v1/batches/${batch}/findings`)
    expect(findings).toContainEqual(expect.objectContaining({ line: 1, code: 'receiver-region-unknown' }))
    expect((await wayOf(keys[0])).deliveries).toMatchObject([
      {
        status: 'acknowledged',
        taken: false,
        refused: [{ code: 'region-unknown', title: expect.stringContaining('region') }],
      },
    ])
    expect((await wayOf(keys[1])).deliveries).toMatchObject([{ status: 'acknowledged', taken: true, refused: [] }])
  })

  it('and what is to be pulled again is open until it is acknowledged again', async () => {
    const order = await ops('/v1/deliveries/resend', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: '0', reason: 'BPS dipulihkan' }),
    })
    expect(await order.json()).toMatchObject({ resent: 1, gone: [] })
    expect(await batchNow()).toMatchObject({ state: 'received', settled_at: null, deliveries: { composed: 1 } })
    const { deliveries } = await json<{
      deliveries: { state: string; manifest: { delivery: string; digest: string } }[]
    }>(bps, '/v1/deliveries')
    expect(deliveries).toMatchObject([{ state: 'composed' }])
    const { delivery, digest } = deliveries[0]?.manifest ?? { delivery: '', digest: '' }
    await bps(`/v1/deliveries/${delivery}/ack`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digest }),
    })
    expect(await batchNow()).toMatchObject({ state: 'settled', deliveries: { acknowledged: 1, records_refused: 0 } })
    // This time it took all: the finding of the first time is no longer true.
    expect((await wayOf(keys[0])).deliveries).toMatchObject([{ taken: true }])
    const { findings } = await json<{ findings: { code: string }[] }>(carik, `/v1/batches/${batch}/findings`)
    expect(findings.filter(({ code }) => code.startsWith('receiver-'))).toEqual([])
  })
})
