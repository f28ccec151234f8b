import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlOfReport, textOfReport } from '../../src/cli/client/access-report.ts'
import type { AccessReport } from '../../src/rights/access/access-shapes.ts'
import { readAuditOf } from '../../src/trust/audit/audit.sql.ts'
import { decile, openOffice, resident, SMART_KAMPUNG } from '../programmes/office.ts'

type Office = Awaited<ReturnType<typeof openOffice>>
type Call = Awaited<ReturnType<Office['office']>>
type Request = { id: string; state: string; due_at: string; done_at: string | null }

let desk: Office
let region: Call
let first: Call
let second: Call
/** The persons of three residents, by the number in their key. */
let persons: Map<string, string>

beforeAll(async () => {
  desk = await openOffice()
  region = await desk.office(SMART_KAMPUNG, ['batches:write', 'batches:read', 'records:read', 'results:read'])
  first = await desk.caller(null, ['steward'])
  second = await desk.caller(null, ['steward'])
  await desk.take(region, 'smart-kampung', 'first', lines(resident(1), resident(2), resident(3)))
  const links = (await (await first('/v1/links')).text()).split('\n').filter(Boolean)
  persons = new Map(
    links.map((line) => {
      const { source_key, person_id } = JSON.parse(line) as { source_key: string; person_id: string }
      return [source_key.slice(-2), person_id]
    }),
  )
  await desk.say(persons.get('01') ?? '', { ...decile(2) })
}, 120_000)
afterAll(() => desk[Symbol.asyncDispose]())

const lines = (...rows: string[]) => `${rows.join('\n')}\n`

async function send<T = Request>(call: Call, method: string, path: string, body?: object): Promise<[number, T]> {
  const answer = await call(path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return [answer.status, (await answer.json()) as T]
}

describe('the access of a person to what is held', () => {
  it('is given when two stewards agree: what, from whom, who saw it, where it went, what came back', async () => {
    const person = persons.get('01') ?? ''
    await first(`/v1/persons/${person}`)
    await region('/v1/results')
    expect((await send(region, 'POST', `/v1/subjects/${person}/access`, { reason: 'surat' }))[0]).toBe(403)
    const received_at = '2026-11-01T00:00:00.000Z'
    const [status, asked] = await send(first, 'POST', `/v1/subjects/${person}/access`, { reason: 'surat', received_at })
    expect([status, asked.state, asked.due_at]).toEqual([202, 'asked', '2026-11-04T00:00:00.000Z'])
    const path = `/v1/access-requests/${asked.id}`
    expect((await send(first, 'GET', `${path}/report`))[0]).toBe(409)
    expect((await send(first, 'POST', `${path}/confirm`))[0]).toBe(409)
    expect((await send(second, 'POST', `${path}/confirm`))[1].state).toBe('open')
    type List = { requests: { id: string; right: string; late: boolean }[] }
    const list = async (query = '') => (await send<List>(first, 'GET', `/v1/requests${query}`))[1].requests
    expect(await list()).toMatchObject([{ id: asked.id, right: 'access', late: true }])

    const [, report] = await send<AccessReport>(second, 'GET', `${path}/report`)
    expect(report).toMatchObject({ request: asked.id, person })
    expect(report.merged).toContainEqual({
      field: 'jenis_kelamin',
      label: 'Jenis kelamin',
      value: '2',
      meaning: 'Perempuan',
    })
    expect(report.records.map(({ level, platform, dataset, key }) => [level, platform, dataset, key])).toEqual([
      ['individu', SMART_KAMPUNG, 'smart-kampung', 'SKW01'],
      ['keluarga', SMART_KAMPUNG, 'smart-kampung', expect.any(String)],
    ])
    expect(report.records[0]?.agreement).toBeTruthy()
    expect(report.records[0]?.purpose).toBeTruthy()
    expect(report.seen).toContainEqual(
      expect.objectContaining({ by: first.id, what: 'Melihat data seseorang', of: `person ${person}` }),
    )
    expect(report.seen_with_others.map(({ by }) => by)).toContain(region.id)
    expect(report.sent).toMatchObject([{ to: 'BPS', told: ['golden'], acknowledged_at: expect.any(String) }])
    expect(report.laid_out).toMatchObject([{ platform: SMART_KAMPUNG }])
    expect(report.came_back).toMatchObject([
      { version: 'V3', status: 'active', said: { deciles: [{ level: 'national', value: 2 }] } },
    ])
    // Nothing of anybody else.
    expect(JSON.stringify(report)).not.toMatch(/SULASTRI|PONIRAH/)

    // It is a reading like any other, and the next report says so.
    expect((await send(first, 'GET', path))[1].state).toBe('done')
    const [, again] = await send<AccessReport>(second, 'GET', `${path}/report`)
    expect(again.seen.at(-1)).toMatchObject({ by: second.id, purpose: 'access' })
    const audited = await readAuditOf(desk.db.pool, 'request', asked.id)
    expect(audited.map(({ action, actor }) => [action, actor])).toEqual([
      ['request.asked', first.id],
      ['request.confirmed', second.id],
    ])
    expect(await list()).toEqual([])
    expect(await list('?all=true')).toMatchObject([{ id: asked.id, late: true }])

    const text = textOfReport(report)
    expect(text).toContain('Jenis kelamin: Perempuan (2)')
    expect(text).toContain('Siapa yang melihat data Anda')
    expect(text).toContain('BPS, ')
    const page = htmlOfReport({ ...report, notice: '<script>' })
    expect(page).toContain('<li>Jenis kelamin: Perempuan (2)</li>')
    expect(page).not.toContain('<script>')
  })

  it('is declined as long as nobody has confirmed it, and is of somebody who is known', async () => {
    const ask = (person: string) => send(first, 'POST', `/v1/subjects/${person}/access`, { reason: 'surat' })
    const [, asked] = await ask(persons.get('02') ?? '')
    expect((await send(second, 'DELETE', `/v1/access-requests/${asked.id}`))[1].state).toBe('declined')
    expect((await send(second, 'POST', `/v1/access-requests/${asked.id}/confirm`))[0]).toBe(409)
    const [, unknown] = await ask(`per_${'0'.repeat(26)}`)
    await send(second, 'POST', `/v1/access-requests/${unknown.id}/confirm`)
    expect((await send(second, 'GET', `/v1/access-requests/${unknown.id}/report`))[0]).toBe(404)
    expect((await send(second, 'GET', `/v1/access-requests/req_${'0'.repeat(26)}`))[0]).toBe(404)
  })
})
