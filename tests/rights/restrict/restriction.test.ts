import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAuditOf } from '../../../src/trust/audit/audit.sql.ts'
import { REGISTRY } from '../../console/desk.ts'
import { workAll } from '../../flows/stages.ts'
import { decile, openOffice, resident, SMART_KAMPUNG } from '../../programmes/office.ts'

type Office = Awaited<ReturnType<typeof openOffice>>
type Call = Awaited<ReturnType<Office['office']>>
type Restriction = { id: string; state: string; batches: string[]; received_at: string; due_at: string }

let desk: Office
let region: Call
let first: Call
let second: Call
let bps: Call
/** The persons of three residents, by the number in their key. */
let persons: Map<string, string>

const SCOPES = ['batches:write', 'batches:read', 'records:read', 'results:read', 'candidates:read'] as const
const NAMES = { '01': 'TUMINAH', '02': 'SULASTRI', '03': 'PONIRAH' } as const

beforeAll(async () => {
  desk = await openOffice()
  region = await desk.office(SMART_KAMPUNG, [...SCOPES])
  first = await desk.steward()
  second = await desk.steward()
  bps = await desk.caller(null, ['deliveries:read', 'deliveries:ack'])
  await desk.take(region, 'smart-kampung', 'first', lines(resident(1), resident(2), resident(3)))
  for (const family of await desk.families()) await desk.say(family, decile(1))
  const links = await ndjson<{ source_key: string; person_id: string }>(first, '/v1/links')
  persons = new Map(links.map(({ source_key, person_id }) => [source_key.slice(-2), person_id]))
  for (const id of persons.values()) await desk.say(id, {})
}, 300_000)
afterAll(() => desk[Symbol.asyncDispose]())

const lines = (...rows: string[]) => `${rows.join('\n')}\n`
const work = async () => workAll(desk, await REGISTRY)
const ids = (found: readonly { subject: string }[]) => found.map(({ subject }) => subject)
const person = (number: keyof typeof NAMES) => persons.get(number) ?? ''

async function ndjson<T>(call: Call, path: string): Promise<T[]> {
  const answer = await call(path)
  expect(answer.status).toBe(200)
  return (await answer.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

async function send<T = Restriction>(call: Call, method: string, path: string, body?: object): Promise<[number, T]> {
  const answer = await call(path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return [answer.status, (await answer.json()) as T]
}

async function restricted(id: string): Promise<string> {
  const [, asked] = await send(first, 'POST', `/v1/subjects/${id}/restriction`, { reason: 'permintaan sendiri' })
  const [status, held] = await send(second, 'POST', `/v1/restrictions/${asked.id}/confirm`)
  expect([status, held.state]).toEqual([202, 'held'])
  await work()
  return asked.id
}

async function lifted(id: string): Promise<void> {
  await send(second, 'POST', `/v1/restrictions/${id}/lift`, { reason: 'sudah jelas' })
  const [status, done] = await send(first, 'POST', `/v1/restrictions/${id}/confirm`)
  expect([status, done.state]).toEqual([202, 'lifted'])
  await work()
}

type Line = { subject: string; kind?: string; version: number; record?: Record<string, string>; entries: unknown[] }

/** All lines that deliveries tell of a subject, in the order of the feed. */
async function told(subject: string): Promise<Line[]> {
  const { deliveries } = (await (await bps('/v1/deliveries?limit=1000')).json()) as {
    deliveries: { manifest: { delivery: string } }[]
  }
  const all: Line[] = []
  for (const { manifest } of deliveries)
    all.push(...(await ndjson<Line>(bps, `/v1/deliveries/${manifest.delivery}/records`)))
  return all.filter((line) => line.subject === subject)
}

async function seen() {
  const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
  const snapshot = await ndjson<Line>(bps, `/v1/snapshots/${today}`)
  const results = await ndjson<{ subject: string }>(region, '/v1/results')
  const [, list] = await send<{ candidates: { subject: string }[] }>(
    region,
    'GET',
    '/v1/programmes/gizi/candidates?list=candidates&limit=500',
  )
  const links = await ndjson<{ person_id: string }>(first, '/v1/links')
  return {
    golden: ids(snapshot.filter(({ record }) => record !== undefined)),
    snapshot: snapshot.map((line) => JSON.stringify(line)).join('\n'),
    results: ids(results),
    candidates: ids(list.candidates),
    links: links.map((one) => one.person_id),
  }
}

const gap = async () => {
  const ops = await desk.caller(null, ['ops'])
  return ((await (await ops('/v1/conservation')).json()) as { gap: number }).gap
}

describe('the restriction of a person’s data', () => {
  it('is asked for by one steward, confirmed by another, and lifted the same way', async () => {
    const id = person('01')
    const ask = (call: Call, path = id, more = {}) =>
      send(call, 'POST', `/v1/subjects/${path}/restriction`, { reason: 'sendiri', ...more })
    expect((await ask(region))[0]).toBe(403)
    expect((await ask(first, 'per_0'))[0]).toBe(400)
    expect((await ask(first, id, { received_at: '2999-01-01T00:00:00Z' }))[0]).toBe(400)
    const received_at = '2026-11-20T01:00:00.000Z'
    const [status, asked] = await ask(first, id, { received_at })
    expect([status, asked.state, asked.received_at]).toEqual([202, 'asked', received_at])
    // Three times 24 hours, by law.
    expect(asked.due_at).toBe('2026-11-23T01:00:00.000Z')
    expect((await ask(second))[1].id).toBe(asked.id)
    const path = `/v1/restrictions/${asked.id}`
    expect((await send(first, 'POST', `${path}/confirm`))[0]).toBe(409)
    expect((await send(first, 'POST', `${path}/lift`, { reason: 'x' }))[0]).toBe(409)
    expect((await send(second, 'POST', `${path}/confirm`))[1].state).toBe('held')
    expect((await send(second, 'POST', `${path}/lift`, { reason: 'x' }))[1].state).toBe('lifting')
    expect((await send(second, 'POST', `${path}/confirm`))[0]).toBe(409)
    expect((await send(first, 'DELETE', path))[1].state).toBe('held')
    await send(second, 'POST', `${path}/lift`, { reason: 'x' })
    expect((await send(first, 'POST', `${path}/confirm`))[1].state).toBe('lifted')
    expect((await send(first, 'DELETE', path))[0]).toBe(409)
    const audited = await readAuditOf(desk.db.pool, 'restriction', asked.id)
    expect(audited.map(({ action }) => action.split('.')[1])).toEqual([
      'asked',
      'confirmed',
      'lift-asked',
      'declined',
      'lift-asked',
      'lifted',
    ])
    expect((await send(second, 'POST', `/v1/restrictions/rst_${'0'.repeat(26)}/confirm`))[0]).toBe(404)
    const [, unknown] = await ask(first, `per_${'0'.repeat(26)}`)
    expect((await send(second, 'POST', `/v1/restrictions/${unknown.id}/confirm`))[0]).toBe(404)
    // Both batches may be worked after it was lifted: nothing is said that does not hold any more.
    await work()
    expect((await told(id)).map(({ kind }) => kind ?? 'golden')).toEqual(['golden'])
    expect(await gap()).toBe(0)
  })

  it('keeps a person out of deliveries, snapshots, results, candidates and exports, and gives all of it when it is lifted', async () => {
    const id = person('02')
    const before = await seen()
    for (const part of ['golden', 'results', 'candidates', 'links'] as const) expect(before[part], part).toContain(id)
    const restriction = await restricted(id)
    const held = await seen()
    for (const part of ['golden', 'results', 'candidates', 'links'] as const) expect(held[part], part).not.toContain(id)
    expect(held.snapshot).toContain(`"kind":"restricted","subject":"${id}"`)
    // Neither the person's own line nor the family's, which names its head, says who it is.
    expect(before.snapshot).toContain(NAMES['02'])
    expect(held.snapshot).not.toContain(NAMES['02'])
    expect(held.snapshot).toContain(NAMES['03'])

    // What comes meanwhile is counted, kept, and told to nobody.
    await desk.take(region, 'smart-kampung', 'meanwhile', lines(resident(2, { pekerjaan: 'Pedagang' }), resident(3)))
    await desk.say(id, { asOf: '2026-10-31' })
    const during = await told(id)
    expect(during.map(({ kind, version }) => [kind ?? 'golden', version])).toEqual([
      ['golden', 1],
      ['restricted', 2],
      ['restricted', 2],
    ])
    expect(during.slice(1).every(({ record, entries }) => record === undefined && entries.length > 0)).toBe(true)
    expect((await seen()).results).not.toContain(id)
    expect(await gap()).toBe(0)
    const { changes } = (await (await bps('/v1/changes?limit=1000')).json()) as {
      changes: { subject: string; kind: string; version: number }[]
    }
    const own = changes.filter(({ subject, kind }) => subject === id && kind === 'restricted')
    expect(own.map(({ version }) => version)).toEqual([2, 2])

    await lifted(restriction)
    const last = (await told(id)).at(-1)
    expect([last?.kind, last?.version]).toEqual([undefined, 3])
    const jobs = [during[0], last].map((line) => line?.record?.pekerjaan_ktp)
    expect(jobs).toEqual(['PETANI/PEKEBUN', 'PEDAGANG'])
    expect(last?.record?.nama).toContain(NAMES['02'])
    const after = await seen()
    for (const part of ['golden', 'results', 'candidates', 'links'] as const) expect(after[part], part).toContain(id)
    expect(after.snapshot).toContain(NAMES['02'])
    expect(await gap()).toBe(0)
  })

  it('holds for what comes under a new key, in another family, with the person’s number', async () => {
    const restriction = await restricted(person('03'))
    const nik = JSON.parse(resident(3)).nik
    await desk.take(region, 'smart-kampung', 'other-key', lines(resident(9, { nik, namaLengkap: 'PONIRAH CONTOH' })))
    const held = await seen()
    expect(held.snapshot).not.toContain(NAMES['03'])
    await lifted(restriction)
    expect((await seen()).snapshot).toContain(NAMES['03'])
    expect(await gap()).toBe(0)
  })
})
