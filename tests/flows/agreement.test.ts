import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import type { Agreement, Platform } from '../../src/domain/platform.ts'
import { dispatchDue } from '../../src/engine/dispatch.db.ts'
import { sequenceDeliveries } from '../../src/forward/sequence.sql.ts'
import { agreementDay, agreementName, platformsWithout } from '../../src/trust/agreements/agreement.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { JEMBRANA_HEAD, jembranaRow, postResults, type WholeRegistry, workThrough } from '../results/posting.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'

const TWO = ['individu.nama', 'individu.jenis_kelamin']
const NIK = '5101010703760001'
const DAY_MS = 86_400_000
const YESTERDAY = agreementDay(new Date(Date.now() - DAY_MS))

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Line = { level: string; kind?: string; record: object; region?: object; extensions?: object; flags?: object }

let registry: WholeRegistry
let gateway: TestGateway
let bps: Call
let jembrana: Call
let steward: Call
let whole: Agreement

beforeAll(async () => {
  const built = await openRegistry({}, openVault(createKeyRing(new Date())))
  registry = { ...built, platforms: new Map(built.platforms) }
  whole = known().agreement
  gateway = await openGateway({}, registry)
  bps = await gateway.caller(null, ['deliveries:read', 'deliveries:ack', 'results:write'])
  steward = await gateway.caller(null, ['ops', 'steward'])
  jembrana = await gateway.caller('jembrana', ['batches:write', 'batches:read', 'results:read', 'conservation:read'])
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

/** Files an agreement of Jembrana's in the place of the last one. */
function file(agreement: Partial<Agreement>, earlier: Agreement[] = []): void {
  const platforms = registry.platforms as Map<string, Platform>
  platforms.set('jembrana', { ...known(), agreement: { ...whole, ...agreement }, earlier })
}

function known(): Platform {
  return registry.platforms.get('jembrana') as Platform
}

async function pushRow(key: string, row: string): Promise<string> {
  const sent = await push(jembrana, key, `${JEMBRANA_HEAD}\n${row}\n`, {
    dataset: 'jembrana',
    'content-type': 'text/csv',
  })
  expect(sent.status).toBe(202)
  return ((await sent.json()) as { id: string }).id
}

async function work(): Promise<void> {
  await workThrough(gateway, registry)
  await sequenceDeliveries(gateway.db.pool)
}

async function deliveries(): Promise<string[]> {
  const { deliveries: all } = (await (await bps('/v1/deliveries')).json()) as {
    deliveries: { manifest: { delivery: string } }[]
  }
  return all.map(({ manifest }) => manifest.delivery)
}

async function linesAt(path: string): Promise<Line[]> {
  const answer = await bps(path)
  expect(answer.status).toBe(200)
  return (await answer.text()).split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Line)))
}

const persons = (lines: Line[]) => lines.filter(({ level, kind }) => level === 'individu' && kind === undefined)

async function problemOf(answer: Response) {
  const { type, detail } = (await answer.json()) as { type: string; detail: string }
  return { status: answer.status, code: type.split('/').at(-1), detail }
}

const ENDED = {
  status: 403,
  code: 'agreement-not-in-force',
  detail: expect.stringContaining('SINTETIS/MOU-004/BPS-JBR/2025'),
}

describe('an agreement of two fields', () => {
  let batch: string

  it('delivers two fields, and neither keeps nor links by any other', async () => {
    file({ fields: TWO })
    batch = await pushRow('two-1', jembranaRow('IB1'))
    await work()
    const [id] = await deliveries()
    const lines = await linesAt(`/v1/deliveries/${id}/records`)
    expect(persons(lines)).toMatchObject([{ record: { nama: 'I KETUT CONTOH', jenis_kelamin: '1' } }])
    for (const { record, extensions, region, flags } of lines) {
      expect(Object.keys(record).filter((field) => !TWO.includes(`individu.${field}`))).toEqual([])
      expect([extensions, region]).toEqual([undefined, undefined])
      expect(Object.keys(flags ?? {}).filter((field) => !TWO.includes(`individu.${field}`))).toEqual([])
    }
    const { rows } = await gateway.db.pool.query("select from identifier where kind = 'nik'")
    expect(rows).toEqual([])
  })

  it('is reported once for each entry that holds more', async () => {
    const { findings } = (await (await jembrana(`/v1/batches/${batch}/findings`)).json()) as {
      findings: { code: string; line: number; path: string }[]
    }
    expect(findings.filter(({ code }) => code === 'fields-left-out')).toMatchObject([{ line: 2, path: '' }])
  })

  it('refuses an entry with more, field by field, where it says so', async () => {
    file({ fields: TWO, outside: 'refuse' })
    const id = await pushRow('two-2', jembranaRow('IB2'))
    await work()
    const { counts, gap } = (await (await jembrana(`/v1/batches/${id}`)).json()) as { counts: object; gap: number }
    expect([counts, gap]).toMatchObject([{ received: 1, rejected: 1 }, 0])
    const { findings } = (await (await jembrana(`/v1/batches/${id}/findings`)).json()) as {
      findings: { code: string; path: string }[]
    }
    const paths = findings.filter(({ code }) => code === 'field-outside-agreement').map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['/NIK', '/TGL_LAHIR']))
    expect(paths).not.toContain('/JK')
  })

  it('binds what was kept under a wider one: snapshots and results tell two fields', async () => {
    file({})
    await pushRow('wide-1', jembranaRow('IB3', { nik: NIK, name: 'NI LUH CONTOH' }))
    await work()
    const corrections = [
      { field: 'status_kawin', value: '4', reason: 'civil-registry' },
      { field: 'nama', value: 'NI LUH BENAR', reason: 'civil-registry' },
    ]
    const result = { nik: NIK, version: '2026-Q3', as_of: '2026-09-30', status: 'active', corrections }
    await postResults(gateway, registry, bps, [result], { key: 'r-1' })
    file({ fields: TWO })
    const lines = await linesAt(`/v1/snapshots/${agreementDay(new Date())}`)
    const told = new Set(persons(lines).flatMap(({ record }) => Object.keys(record)))
    expect([...told].sort()).toEqual(['jenis_kelamin', 'nama'])
    const [returned] = (await (await jembrana('/v1/results')).text()).split('\n').filter(Boolean)
    const { corrections: own } = JSON.parse(returned ?? '{}') as { corrections: { field: string }[] }
    expect(own.map(({ field }) => field)).toEqual(['nama'])
  })
})

describe('the day after an agreement ends', () => {
  const dispatched: string[] = []
  const queue = { dispatch: async (stage: string) => void dispatched.push(stage) }
  const dispatch = () =>
    dispatchDue(gateway.db.pool, queue, {
      window: 8,
      withoutAgreement: () => platformsWithout(registry.platforms.values(), new Date()),
    })
  let waiting: string
  let untold: string

  it('nothing is dispatched, worked, given or taken, and the problem names the agreement', async () => {
    file({})
    await pushRow('told', jembranaRow('IB4', { nik: '5101010703760004' }))
    await work()
    untold = (await deliveries()).at(-1) ?? ''
    waiting = await pushRow('waiting', jembranaRow('IB5', { nik: '5101010703760005' }))
    file({ validTo: YESTERDAY })
    expect(await dispatch()).toBe(0)
    await work()
    expect((await deliveries()).at(-1)).toBe(untold)
    expect(await problemOf(await bps(`/v1/deliveries/${untold}/records`))).toEqual(ENDED)
    const lease = await bps('/v1/deliveries/lease', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ most: 32 }),
    })
    expect(await lease.json()).toMatchObject({ lease: null })
    expect(await problemOf(await jembrana('/v1/results'))).toEqual(ENDED)
    const release = await steward(`/v1/batches/${waiting}/release`, { method: 'POST' })
    expect(await problemOf(release)).toEqual(ENDED)
    const again = await push(jembrana, 'late', `${JEMBRANA_HEAD}\n${jembranaRow('IB6')}\n`, {
      dataset: 'jembrana',
      'content-type': 'text/csv',
    })
    expect(await problemOf(again)).toEqual(ENDED)
  })

  it('nothing is lost: what waits is pending, and the sums close', async () => {
    const batch = await (await jembrana(`/v1/batches/${waiting}`)).json()
    expect(batch).toMatchObject({ state: 'received', counts: { received: 1, pending: 1 }, gap: 0 })
  })

  it('a new agreement lets it flow on, under the agreement that it was pushed under', async () => {
    file({ number: 'SINTETIS/MOU-009/BPS-JBR/2026', validFrom: agreementDay(new Date()) }, [
      { ...whole, validTo: YESTERDAY },
    ])
    await expect.poll(dispatch).toBeGreaterThan(0)
    await work()
    const all = await deliveries()
    expect(all.at(-1)).not.toBe(untold)
    expect((await linesAt(`/v1/deliveries/${untold}/records`)).length).toBeGreaterThan(0)
    const { rows } = await gateway.db.pool.query(
      `select manifest ->> 'agreement' as agreement from delivery where batch = $1`,
      [waiting],
    )
    expect(rows).toEqual([{ agreement: agreementName(whole) }])
    expect(await (await jembrana(`/v1/batches/${waiting}`)).json()).toMatchObject({ gap: 0, counts: { pending: 0 } })
  })
})
