import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Registry } from '../../src/catalogue/registry.ts'
import { cleanHere } from '../../src/clean/clean-here.ts'
import { openRegistry } from '../../src/deps.ts'
import { chunkBisector, entryIsolator } from '../../src/engine/poison.db.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import { sequenceDeliveries } from '../../src/forward/sequence.sql.ts'
import { pipeline } from '../../src/pipeline.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { insertEntry } from '../support/fixtures/rows.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Family = {
  id_keluarga: string
  anggota: { id_individu: string }[]
  alamat: string
  kode_kelurahan: string
  kode_kelurahan_capil: string
}
type Batch = { id: string; state: string; counts: Record<string, number>; gap: number; position: number | null }
type Page = {
  findings: { line: number; key: string | null; code: string; severity: string; title: string }[]
  next: string | null
}

const OUTSIDE = { kode_kelurahan: '3510010001', kode_kelurahan_capil: '35.10.01.2001' }

let registry: Registry
let gateway: TestGateway
let carik: Call
let bps: Call
let families: Family[]
let first: Batch
let second: Batch

/** 20 families, of which one is outside the region and one line is no JSON; then 21, of which one has moved and one is new. */
beforeAll(async () => {
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({ CHUNK_RECORDS: '8' }, registry)
  carik = await gateway.caller('carik-jakarta')
  bps = await gateway.caller(null, ['deliveries:read', 'deliveries:ack'])
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  const lines = text.split('\n').slice(0, 21)
  families = lines.map((line) => JSON.parse(line))
  const outside = { ...families[3], ...OUTSIDE }
  const sent = [...lines.slice(0, 3), JSON.stringify(outside), ...lines.slice(4, 19), '{"id_keluarga":']
  first = await settled('pertama', sent)
  const moved = { ...families[0], alamat: 'JL. PINDAH NO. 1' }
  second = await settled('kedua', [JSON.stringify(moved), ...lines.slice(1, 3), ...lines.slice(4, 19), lines[20] ?? ''])
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

async function settled(key: string, lines: readonly string[]): Promise<Batch> {
  const response = await push(carik, key, `${lines.join('\n')}\n`, { dataset: 'carik' })
  expect(response.status).toBe(202)
  const { id } = (await response.json()) as Batch
  await work()
  await acknowledge()
  return (await (await carik(`/v1/batches/${id}`)).json()) as Batch
}

/** Works everything that is due through the real stages, BPS pulling. */
async function work(): Promise<void> {
  const { deps } = gateway
  const { vault } = gateway
  const runner = { ...deps, bisect: chunkBisector({ vault, poisonClaims: 3 }), isolate: entryIsolator({ vault }) }
  const cleaner = cleanHere(registry, vault)
  for (const stage of pipeline({ ...deps, registry, cleaner }, undefined).slice(0, 2)) {
    const { rows } = await gateway.db.pool.query(
      'select id as chunk, epoch from chunk where state = $1 order by first_line',
      [stage.from],
    )
    for (const dispatch of rows) expect(await handleDispatch(stage, dispatch, runner)).toBe('done')
  }
}

async function acknowledge(): Promise<void> {
  await sequenceDeliveries(gateway.db.pool)
  const { deliveries } = (await (await bps('/v1/deliveries')).json()) as {
    deliveries: { state: string; manifest: { delivery: string; digest: string } }[]
  }
  for (const { state, manifest } of deliveries) {
    if (state === 'acknowledged') continue
    const answer = await bps(`/v1/deliveries/${manifest.delivery}/ack`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digest: manifest.digest }),
    })
    expect(answer.status).toBe(200)
  }
}

describe('a settled batch', () => {
  it('says what became of every entry, and the sums close', () => {
    expect(first).toMatchObject({ state: 'settled', gap: 0, position: null })
    expect(first.counts).toEqual({ received: 20, new: 18, updated: 0, unchanged: 0, rejected: 2, held: 0, pending: 0 })
    expect(second.counts).toEqual({ received: 19, new: 1, updated: 1, unchanged: 17, rejected: 0, held: 0, pending: 0 })
  })

  it('closes three ways in the conservation', async () => {
    const own = (await (await carik('/v1/conservation')).json()) as {
      gap: number
      batches: object[]
      platforms: object[]
    }
    expect(own.gap).toBe(0)
    expect(own.batches).toHaveLength(2)
    expect(own.platforms).toEqual([
      {
        platform: 'carik-jakarta',
        received: 39,
        chunks: { new: 19, updated: 1, unchanged: 17, rejected: 2, held: 0 },
        ledger: { new: 19, updated: 1, unchanged: 17, rejected: 2, held: 0 },
        pending: 0,
        corrected: { held: 0, rejected: 0 },
        delivered: 20,
        open: 0,
        open_deliveries: 0,
        open_since: null,
        gap: 0,
        ledger_gap: 0,
        delivery_gap: 0,
      },
    ])
    const other = await gateway.caller('sumedang')
    expect(await (await other('/v1/conservation')).json()).toEqual({
      gap: 0,
      delivered: 0,
      open: 0,
      open_deliveries: 0,
      open_since: null,
      platforms: [],
      batches: [],
    })
  })

  it('shows a lost ledger row and a lost delivery as gaps', async () => {
    const before = await gateway.db.pool.query(
      'delete from entry where batch = $1 and line = 1 returning batch, line, chunk, key_index, outcome',
      [first.id],
    )
    await gateway.db.pool.query('update delivery set entries = entries - 2 where batch = $1', [second.id])
    const ops = await gateway.caller(null, ['ops'])
    const seen = (await (await ops('/v1/conservation')).json()) as {
      gap: number
      platforms: { ledger_gap: number; delivery_gap: number }[]
    }
    const deliveries = await gateway.db.pool.query('update delivery set entries = entries + 2 where batch = $1', [
      second.id,
    ])
    const [row] = before.rows
    await insertEntry(gateway.db.pool, row)
    expect(seen).toMatchObject({ gap: 1 + 2 * (deliveries.rowCount ?? 0), platforms: [{ ledger_gap: 1 }] })
  })
})

describe('findings', () => {
  const page = async (query = '', accept = 'application/json') =>
    carik(`/v1/batches/${first.id}/findings${query}`, { headers: { accept, 'accept-language': 'en' } })

  it('name line, own key, code and meaning', async () => {
    const { findings } = (await (await page()).json()) as Page
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ line: 4, key: families[3]?.id_keluarga, code: 'region-out-of-scope' }),
      expect.objectContaining({ line: 20, key: null, code: 'json-invalid', title: 'The line is not valid JSON' }),
    ])
  })

  it('page to the same list, whatever the size of a page', async () => {
    const { findings: whole } = (await (await page('?limit=10000')).json()) as Page
    for (const limit of [1, 2, 7]) {
      const collected: Page['findings'] = []
      for (let next: string | null = '0.0.0'; next !== null; ) {
        const one: Page = (await (await page(`?limit=${limit}&after=${next}`)).json()) as Page
        collected.push(...one.findings)
        next = one.next
      }
      expect(collected).toEqual(whole)
    }
  })

  it('come as NDJSON and as CSV, with the next page in a Link header', async () => {
    const { findings: whole } = (await (await page('?limit=10000')).json()) as Page
    const ndjson = await page('?limit=10000', 'application/x-ndjson')
    const lines = (await ndjson.text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(whole)
    expect(ndjson.headers.get('link')).toBeNull()
    const csv = await page('?limit=1', 'text/csv')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect((await csv.text()).split('\r\n')[0]).toBe('line,key,code,severity,path,title,outcome,corrected_by')
    expect(csv.headers.get('link')).toMatch(
      new RegExp(`^</v1/batches/${first.id}/findings\\?after=[0-9.]+&limit=1>; rel="next"$`),
    )
  })

  it('keep the keys from ops, who work with lines', async () => {
    const ops = await gateway.caller(null, ['ops'])
    const { findings } = (await (await ops(`/v1/batches/${first.id}/findings`)).json()) as Page
    expect(new Set(findings.map(({ key }) => key))).toEqual(new Set([null]))
  })
})

describe("one record's way", () => {
  const way = async (call: Call, key: string | undefined, query = '') =>
    call(`/v1/records/carik/${encodeURIComponent(key ?? '')}${query}`)

  it('tells every time it came, its subject and its deliveries', async () => {
    const answer = (await (await way(carik, families[0]?.id_keluarga)).json()) as {
      entries: { batch: string; line: number; outcome: string; state: string }[]
      subjects: { id: string; level: string; version: number }[]
      deliveries: { state: string }[]
    }
    expect(answer.entries.map(({ batch, line, outcome, state }) => [batch, line, outcome, state])).toEqual([
      [first.id, 1, 'new', 'settled'],
      [second.id, 1, 'updated', 'settled'],
    ])
    expect(answer.subjects).toEqual([expect.objectContaining({ level: 'keluarga', version: 2, merged_into: null })])
    expect(answer.deliveries.map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged'])
  })

  it('finds a member by its own key in the entry of its family', async () => {
    const answer = (await (await way(carik, families[1]?.anggota[0]?.id_individu)).json()) as {
      entries: { line: number }[]
      subjects: object[]
    }
    expect(answer.entries.map(({ line }) => line)).toEqual([2])
    expect(answer.subjects).toEqual([expect.objectContaining({ level: 'individu' })])
  })

  it('tells why it was rejected', async () => {
    const answer = (await (await way(carik, families[3]?.id_keluarga)).json()) as {
      entries: { outcome: string; findings: { code: string }[] }[]
      subjects: object[]
    }
    expect(answer.entries[0]?.outcome).toBe('rejected')
    expect(answer.entries[0]?.findings.map(({ code }) => code)).toContain('region-out-of-scope')
    expect(answer.subjects).toEqual([])
  })

  it("is 404 for an unknown key and for another platform's, and a steward names the platform", async () => {
    const other = await gateway.caller('sumedang')
    const key = families[0]?.id_keluarga
    expect(await problemOf(await way(carik, 'KLG-00000000'))).toEqual({ status: 404, code: 'not-found' })
    expect(await problemOf(await way(other, key))).toEqual({ status: 404, code: 'not-found' })
    expect(await problemOf(await way(other, key, '?platform=carik-jakarta'))).toMatchObject({ status: 404 })
    const steward = await gateway.caller(null, ['steward'])
    expect(await problemOf(await way(steward, key))).toEqual({ status: 400, code: 'bad-request' })
    expect((await way(steward, key, '?platform=carik-jakarta')).status).toBe(200)
  })
})
