import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { correctionPartsOf } from '../../src/app-rights.ts'
import { htmlOfReport, textOfReport } from '../../src/cli/client/access-report.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { selectDuty } from '../../src/reports/duty/duty.sql.ts'
import type { AccessReport } from '../../src/rights/access/access-shapes.ts'
import { correctionTask } from '../../src/rights/correct/correction.db.ts'
import { forgetAsked } from '../../src/rights/requests/forget.sql.ts'
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
  first = await desk.steward()
  second = await desk.steward()
  await desk.take(region, 'smart-kampung', 'first', lines(resident(1), resident(2), resident(3)))
  const links = (await (await first('/v1/links')).text()).split('\n').filter(Boolean)
  persons = new Map(
    links.map((line) => {
      const { source_key, person_id } = JSON.parse(line) as { source_key: string; person_id: string }
      return [source_key.slice(-2), person_id]
    }),
  )
  await desk.say(persons.get('01') ?? '', { ...decile(2) })
}, 300_000)
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

describe('the correction of a record', () => {
  type Correction = Request & { tasks: { id: string; platform: string; state: string }[] }
  type Own = { corrections: { id: string; key: string | null; fields: string[]; statement: string; state: string }[] }
  const own = async (query = '') => (await send<Own>(region, 'GET', `/v1/corrections${query}`))[1].corrections
  const sweep = () => correctionTask({ ...desk.deps, correctionParts: correctionPartsOf(desk.vault) }).run(desk.db.pool)
  const asked = async (number: string, fields: string[], more = {}) => {
    const body = { reason: 'surat', fields, statement: 'pekerjaan saya PEDAGANG', ...more }
    const [status, made] = await send<Correction>(
      first,
      'POST',
      `/v1/subjects/${persons.get(number) ?? ''}/correction`,
      body,
    )
    return { status, made, path: `/v1/correction-requests/${made.id}` }
  }

  it('is asked of each source, and done when the source has sent it', async () => {
    expect((await asked('02', ['no_such_field'])).status).toBe(400)
    const { made, path } = await asked('02', ['pekerjaan_ktp'])
    expect(made).toMatchObject({ state: 'asked', tasks: [] })
    expect(await own()).toEqual([])
    expect((await send(first, 'POST', `${path}/confirm`))[0]).toBe(409)
    const [, confirmed] = await send<Correction>(second, 'POST', `${path}/confirm`)
    expect(confirmed).toMatchObject({ state: 'open', tasks: [{ platform: SMART_KAMPUNG, state: 'open' }] })
    const [task] = await own()
    expect(task).toMatchObject({ key: 'SKW02', fields: ['pekerjaan_ktp'], statement: 'pekerjaan saya PEDAGANG' })
    const { rows } = await desk.db.pool.query(`select platform, data from event where type = 'correction.asked'`)
    expect(rows).toEqual([
      {
        platform: SMART_KAMPUNG,
        data: { correction: task?.id, dataset: 'smart-kampung', due_at: confirmed.due_at },
      },
    ])
    const [, page] = await send<{ corrections?: object }>(region, 'GET', '/v1/batches')
    expect(page.corrections).toEqual({ open: 1, due_at: confirmed.due_at })

    // Another field is sent, and the one that is asked for stays: it is not corrected.
    await desk.take(region, 'smart-kampung', 'other', lines(resident(2, { pendidikan: 4 })))
    expect(await sweep()).toBe(0)
    await desk.take(region, 'smart-kampung', 'right', lines(resident(2, { pekerjaan: 'Pedagang' })))
    expect(await sweep()).toBe(1)
    const [, done] = await send<Correction>(first, 'GET', path)
    expect(done).toMatchObject({ state: 'done', done_at: expect.any(String), tasks: [{ state: 'corrected' }] })
    expect(await own()).toEqual([])
    // Nothing of the person is left in the task.
    expect(await own('?all=true')).toMatchObject([{ state: 'corrected', key: null, fields: [], statement: null }])
    expect((await send<{ corrections?: object }>(region, 'GET', '/v1/batches'))[1].corrections).toBeUndefined()
  })

  it('ends where the source says that it is right, or takes the record back; nobody else closes it', async () => {
    const { path } = await asked('02', ['nama'])
    await send(second, 'POST', `${path}/confirm`)
    const [task] = await own()
    const stranger = await desk.office('carik-jakarta')
    const keep = (call: Call) => call(`/v1/corrections/${task?.id}/keep`, KEEP)
    expect((await keep(stranger)).status).toBe(404)
    expect((await keep(region)).status).toBe(204)
    expect((await keep(region)).status).toBe(409)
    expect((await send<Correction>(first, 'GET', path))[1]).toMatchObject({ state: 'done', tasks: [{ state: 'kept' }] })

    const other = await asked('03', ['nama', 'tanggal_lahir'], { platform: SMART_KAMPUNG })
    await send(second, 'POST', `${other.path}/confirm`)
    await region('/v1/records/smart-kampung/SKW03?reason=mistaken', { method: 'DELETE' })
    await desk.take(region, 'smart-kampung', 'after', lines(resident(1)))
    expect(await sweep()).toBe(1)
    expect((await send<Correction>(first, 'GET', other.path))[1].tasks).toMatchObject([{ state: 'withdrawn' }])
    // Nobody states it any more.
    const nobody = await asked('03', ['nama'])
    expect((await send(second, 'POST', `${nobody.path}/confirm`))[0]).toBe(404)
    expect((await send(second, 'DELETE', nobody.path))[1].state).toBe('declined')
  })
})

const KEEP = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ reason: 'sesuai KTP' }),
}

describe('a breach', () => {
  type Breach = Request & {
    subjects: number
    platforms: string[]
    late: boolean
    notice: string
    client: string | null
  }
  type List = { breaches: Breach[] }
  const said = { data: 'Nama dan NIK.', how: 'Sandi bocor.', handling: 'Klien dinonaktifkan.' }
  const known_at = '2026-11-27T00:00:00.000Z'
  const records = async (call: Call, id: string) => {
    const answer = await call(`/v1/breaches/${id}/records`)
    const text = answer.status === 200 ? await answer.text() : ''
    return {
      status: answer.status,
      lines: text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    }
  }

  it('finds whom it concerns by what a client has read, tells each platform its own records, and its clock runs', async () => {
    const thief = await desk.steward()
    const from = new Date().toISOString()
    await thief(`/v1/persons/${persons.get('01') ?? ''}`)
    const to = new Date().toISOString()
    await thief(`/v1/persons/${persons.get('02') ?? ''}`)
    // The client that was stolen acts for a steward: what that person read counts.
    const body = { ...said, known_at, client: thief.through, from, to }
    expect((await send(first, 'POST', '/v1/breaches', { ...said, known_at }))[0]).toBe(400)
    expect((await send(first, 'POST', '/v1/breaches', { ...body, known_at: '2999-01-01T00:00:00Z' }))[0]).toBe(400)
    const [status, breach] = await send<Breach>(first, 'POST', '/v1/breaches', body)
    expect([status, breach]).toMatchObject([
      201,
      { state: 'open', due_at: '2026-11-30T00:00:00.000Z', subjects: 1, platforms: [], client: thief.through },
    ])
    for (const part of [...Object.values(said), 'pasal 46', '1. ', '2. ', '3. ', 'Batas pemberitahuan'])
      expect(breach.notice).toContain(part)
    expect((await records(first, breach.id)).lines).toEqual([{ subject: persons.get('01') }])
    const duty = await selectDuty(desk.db.pool, [])
    expect(duty.breaches.open).toBe(1)
    expect(Math.abs(duty.breaches.left - (Date.parse(breach.due_at) - Date.now()) / 1000)).toBeLessThan(120)

    // Until the notice is given, no platform sees it.
    const path = `/v1/breaches/${breach.id}`
    const stranger = await desk.office('carik-jakarta')
    expect((await records(region, breach.id)).status).toBe(404)
    expect((await send<List>(region, 'GET', '/v1/breaches'))[1].breaches).toEqual([])
    expect((await send(second, 'POST', `${path}/close`))[0]).toBe(409)
    // Who wrote the notice does not stop the clock alone.
    expect((await send(first, 'POST', `${path}/tell`))[0]).toBe(409)
    expect((await send<Breach>(first, 'GET', path))[1].state).toBe('open')
    expect((await send(second, 'POST', `${path}/tell`))[1].state).toBe('told')
    expect((await send(second, 'POST', `${path}/tell`))[0]).toBe(409)
    expect((await send(second, 'POST', `${path}/close`))[0]).toBe(409)
    expect((await selectDuty(desk.db.pool, [])).breaches).toEqual({ open: 0, left: 0 })
    expect((await send<List>(region, 'GET', '/v1/breaches'))[1].breaches).toMatchObject([{ client: null }])
    expect((await records(region, breach.id)).lines).toEqual([
      { dataset: 'smart-kampung', level: 'individu', key: 'SKW01' },
    ])
    expect((await records(stranger, breach.id)).lines).toEqual([])
    expect((await send(first, 'POST', `${path}/close`))[1].state).toBe('closed')
    const audited = await readAuditOf(desk.db.pool, 'breach', breach.id)
    expect(audited.map(({ action }) => action)).toEqual([
      'breach.opened',
      'breach.read',
      'breach.told',
      'breach.read',
      'breach.read',
      'breach.closed',
    ])
  })

  it('concerns all records of a platform, or everybody, where very many were read at once; and whole batches', async () => {
    const reader = await desk.caller(SMART_KAMPUNG, ['results:read'])
    await reader('/v1/results')
    const opened = async (more: object) =>
      (await send<Breach>(first, 'POST', '/v1/breaches', { ...said, known_at, ...more }))[1]
    const feed = await opened({ client: reader.id })
    expect(feed.platforms).toEqual([SMART_KAMPUNG])
    await send(second, 'POST', `/v1/breaches/${feed.id}/tell`)
    const keys = (await records(region, feed.id)).lines.map(({ key }) => key)
    expect(keys).toEqual(expect.arrayContaining(['SKW01', 'SKW02']))
    const exporter = await desk.steward()
    await exporter('/v1/links')
    expect((await opened({ client: exporter.id })).platforms).toEqual(['*'])
    const { batches } = (await (await region('/v1/batches?limit=100')).json()) as { batches: { id: string }[] }
    const whole = await opened({ batches: batches.map(({ id }) => id) })
    expect(whole).toMatchObject({ platforms: [], subjects: 4 })
    const silent = await desk.steward()
    expect(await opened({ client: silent.id })).toMatchObject({ platforms: [], subjects: 0 })
  })
})

describe('the erasure of a person who has asked for more', () => {
  it('ends what is open, and destroys what is sealed of it', async () => {
    const person = persons.get('01') ?? ''
    const body = { reason: 'surat', fields: ['nama'], statement: 'nama saya lain' }
    const [, waiting] = await send(first, 'POST', `/v1/subjects/${person}/correction`, body)
    const [, open] = await send(first, 'POST', `/v1/subjects/${person}/correction`, body)
    await send(second, 'POST', `/v1/correction-requests/${open.id}/confirm`)
    const [, held] = await send(first, 'POST', `/v1/subjects/${person}/restriction`, { reason: 'surat' })
    await send(second, 'POST', `/v1/restrictions/${held.id}/confirm`)
    const ended = await inTransaction(desk.db.pool, (tx) =>
      forgetAsked(tx, [person as `per_${string}`], { askedBy: first.id, confirmedBy: second.id }),
    )
    expect(ended).toEqual([held.id])
    const states = await Promise.all(
      [`correction-requests/${waiting.id}`, `correction-requests/${open.id}`, `restrictions/${held.id}`].map(
        async (path) => (await send(first, 'GET', `/v1/${path}`))[1].state,
      ),
    )
    expect(states).toEqual(['declined', 'done', 'lifted'])
    const { rows } = await desk.db.pool.query(`
      select from person_request where wish is not null and subject = '${person}'
      union all select from correction_task where said is not null
      union all select from restriction where known is not null`)
    expect(rows).toEqual([])
  })
})
