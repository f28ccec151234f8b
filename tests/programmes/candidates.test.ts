import { readFile } from 'node:fs/promises'
import type { Static } from 'typebox'
import { describe, expect, it } from 'vitest'
import type { CandidatePage } from '../../src/programmes/candidate-shapes.ts'
import type { CandidateList } from '../../src/programmes/shapes.ts'
import { auditOf, raisePossibleMatch } from '../console/desk.ts'
import { problemOf } from '../flows/gateway.ts'
import { decile, openOffice, resident, SMART_KAMPUNG } from './office.ts'

type Page = Static<typeof CandidatePage>
type Office = Awaited<ReturnType<typeof openOffice>>
type Caller = Awaited<ReturnType<Office['office']>>

const lines = (...rows: string[]) => `${rows.join('\n')}\n`

async function read(call: Caller, path: string, language = 'en'): Promise<Page> {
  const answer = await call(`/v1/programmes/${path}`, { headers: { 'accept-language': language } })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Page
}

async function makeList(call: Caller, programme: string): Promise<Static<typeof CandidateList>> {
  const answer = await call(`/v1/programmes/${programme}/lists`, { method: 'POST' })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Static<typeof CandidateList>
}

const keysOf = (page: Page) => page.candidates.flatMap(({ keys }) => keys.map(({ key }) => key)).sort()
const codesOf = (found: readonly { code: string }[] | undefined) => found?.map(({ code }) => code)

/** The family of a person's own key. */
async function familyOf({ db }: Office, call: Caller, key: string): Promise<string> {
  const page = await read(call, 'sembako/candidates?list=undecided&limit=500')
  const found = page.candidates.find(({ keys }) => keys.some((one) => one.key === key))
  expect(found, await countOf(db)).toBeDefined()
  return found?.subject ?? ''
}

async function countOf(db: Office['db']): Promise<string> {
  const { rows } = await db.pool.query('select level, count(*)::int as n from subject group by level')
  return JSON.stringify(rows)
}

describe('a list of candidates', () => {
  it('names who qualifies by own keys, with reasons, fields and where they come from', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1), resident(2, { bantuan: ['PKH'] })))
    for (const [at, family] of (await desk.families()).entries()) await desk.say(family, decile(at + 2))
    const { list, candidates } = await read(call, 'gizi/candidates')
    expect(list).toMatchObject({
      notice: { id: expect.stringContaining('calon'), en: expect.stringContaining('Nobody is accepted or refused') },
      counts: { residents: 2, candidates: 2, undecided: 0, not_eligible: 0, elsewhere: 0, held_entries: 0 },
      deciles: [{ source: 'results', version: 'V3', period: '2026-Q3', as_of: '2026-09-30', residents: 2 }],
      previous: null,
    })
    const one = candidates.find(({ keys }) => keys[0]?.key === 'SKW01')
    expect(one).toMatchObject({
      keys: [{ dataset: 'smart-kampung', level: 'individu', key: 'SKW01' }],
      verdict: 'candidate',
    })
    expect(codesOf(one?.holds)).toEqual(['TINGGAL', 'MISKIN', 'SASARAN'])
    expect(one?.holds[1]?.fields).toMatchObject([
      { field: 'keluarga.desil_nasional', origin: { source: 'results', version: 'V3', as_of: '2026-09-30' } },
    ])
    expect(one?.holds[2]?.fields.map(({ field, origin }) => [field, origin?.source])).toEqual([
      ['individu.jenis_kelamin', 'records'],
      ['individu.tanggal_lahir', 'records'],
      ['individu.kd_status_kehamilan', 'records'],
    ])
    expect(one?.conflicts).toEqual([])
  })

  it('returns an aid that the household holds as a conflict and drops nobody', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1, { bantuan: ['PKH'] }), resident(2)))
    for (const family of await desk.families()) await desk.say(family, decile(1))
    const { candidates } = await read(call, 'gizi/candidates')
    expect(candidates.map(({ keys, conflicts }) => [keys[0]?.key, codesOf(conflicts)]).sort()).toEqual([
      ['SKW01', ['PKH-HAMIL-GIZI']],
      ['SKW02', []],
    ])
    const conflict = candidates.flatMap(({ conflicts }) => conflicts)[0]
    expect(conflict).toMatchObject({ aid: 'pkh', component: 'pregnancy component', certain: true, mark: 'published' })
  })

  it('puts whoever lacks a deciding value on a list for a human, and says what is missing', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1), resident(2, { jk: 1, hamil: false })))
    expect((await read(call, 'gizi/candidates')).candidates).toEqual([])
    const { candidates, list } = await read(call, 'gizi/candidates?list=undecided')
    expect(list.counts).toMatchObject({ residents: 2, candidates: 0, undecided: 1, not_eligible: 1 })
    expect(candidates.map(({ keys, unknown }) => [keys[0]?.key, codesOf(unknown), unknown[0]?.missing])).toEqual([
      ['SKW01', ['MISKIN'], ['keluarga.desil_nasional']],
    ])
  })

  it('says who came and who went since the list before, and why', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1), resident(2), resident(3)))
    const family = async (key: string) => familyOf(desk, call, key)
    const [one, two, three] = [await family('SKW01'), await family('SKW02'), await family('SKW03')]
    await desk.say(one, decile(1))
    await desk.say(two, decile(2))
    expect((await makeList(call, 'sembako')).counts).toMatchObject({ candidates: 2, undecided: 1 })
    await desk.say(two, decile(9))
    await desk.say(three, decile(5))
    const made = await makeList(call, 'sembako')
    expect(made.counts).toMatchObject({ candidates: 2, undecided: 0, added: 1, gone: 1 })
    expect(made.previous).toMatchObject({ rule_changed: false })
    expect(keysOf(await read(call, 'sembako/candidates?list=added'))).toEqual(['SKW03'])
    const gone = await read(call, 'sembako/candidates?list=gone')
    expect(gone.candidates).toMatchObject([
      {
        keys: [{ key: 'SKW02' }],
        verdict: null,
        now: 'not-eligible',
        since_last_list: 'gone',
        against: [{ code: 'DESIL' }],
      },
    ])
    const all = await read(call, 'sembako/candidates')
    expect(all.candidates.map(({ keys, since_last_list }) => [keys[0]?.key, since_last_list]).sort()).toEqual([
      ['SKW01', 'stayed'],
      ['SKW03', 'added'],
    ])
    const { rows } = await desk.db.pool.query('select count(*)::int as lists from programme_list')
    expect(rows).toEqual([{ lists: 2 }])
  })

  it('asks a human about the dead, the moved and those whom BPS corrects', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(
      call,
      'smart-kampung',
      'k-1',
      lines(resident(1), resident(2), resident(3), resident(4), resident(5)),
    )
    const moved = await familyOf(desk, call, 'SKW05')
    for (const family of await desk.families()) await desk.say(family, decile(1))
    const { candidates } = await read(call, 'gizi/candidates')
    const subject = (key: string) => candidates.find(({ keys }) => keys[0]?.key === key)?.subject ?? ''
    await desk.say(subject('SKW01'), { status: 'dead', reason: 'death-registered' })
    await desk.say(subject('SKW02'), { status: 'moved', reason: 'moved-within-country' })
    await desk.say(subject('SKW03'), {
      corrections: [{ field: 'tanggal_lahir', value: '1958-01-01', reason: 'civil-registry' }],
    })
    await desk.say(subject('SKW04'), { dukcapil: 'mismatch' })
    await desk.say(moved, { ...decile(1), status: 'excluded', reason: 'declined' })
    const list = await makeList(call, 'gizi')
    expect(list.counts).toMatchObject({ candidates: 0, undecided: 4, not_eligible: 1, gone: 5 })
    const undecided = await read(call, 'gizi/candidates?list=undecided')
    expect(undecided.candidates.map(({ keys, cautions }) => [keys[0]?.key, codesOf(cautions)]).sort()).toEqual([
      ['SKW02', ['STATUS-MOVED']],
      ['SKW03', ['CORRECTION']],
      ['SKW04', ['NIK-UNCONFIRMED']],
      ['SKW05', ['STATUS-EXCLUDED']],
    ])
    const gone = await read(call, 'gizi/candidates?list=gone')
    const dead = gone.candidates.find(({ keys }) => keys[0]?.key === 'SKW01')
    expect(codesOf(dead?.against)).toEqual(['STATUS-DEAD'])
  })

  it('puts whoever is under review or held with the undecided, even where a condition speaks against', async () => {
    await using desk = await openOffice()
    await raisePossibleMatch(desk)
    const carik = await desk.office('carik-jakarta')
    const undecided = await read(carik, 'kjs/candidates?list=undecided')
    expect(undecided.candidates.map(({ cautions }) => codesOf(cautions))).toEqual([['IN-REVIEW', 'PLACE-UNKNOWN']])
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1, { jk: 1, hamil: false })))
    for (const family of await desk.families()) await desk.say(family, decile(1))
    expect((await read(call, 'gizi/candidates')).list.counts).toMatchObject({ undecided: 0, not_eligible: 1 })
    const somebodyElse = {
      nik: '3510110101700009',
      namaLengkap: 'SUPARNO LAIN',
      tglLahir: '1970-01-01T00:00:00+07:00',
      noKk: '3510110101700001',
    }
    await desk.take(call, 'smart-kampung', 'k-2', lines(resident(1, { jk: 1, hamil: false, ...somebodyElse })))
    const made = await makeList(call, 'gizi')
    expect(made.counts).toMatchObject({ undecided: 1, not_eligible: 0, held_entries: 1 })
    const held = await read(call, 'gizi/candidates?list=undecided')
    expect(held.candidates.map(({ cautions, against }) => [codesOf(cautions), codesOf(against)])).toEqual([
      [['HELD'], ['SASARAN']],
    ])
  })

  it('shows a platform its own residents alone, and of them those of the region', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    const other = { alamat: { dusun: 'KRAJAN', rt: 1, rw: 1, kodeDesa: '3510062006' } }
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1), resident(2, other)))
    const all = await read(call, 'sembako/candidates?list=undecided')
    const place = all.candidates.find(({ keys }) => keys[0]?.key === 'SKW02')?.place ?? ''
    expect(place).toMatch(/^3510[0-9]{6}$/)
    const some = await read(call, `sembako/candidates?list=undecided&region=bps:${place.slice(0, 7)}`)
    expect(keysOf(some)).toEqual(['SKW02'])
    expect(some.list.counts).toMatchObject({ residents: 1, elsewhere: 1 })
    const outside = await call('/v1/programmes/sembako/candidates?region=3171')
    expect(await problemOf(outside)).toEqual({ status: 403, code: 'region-outside' })
    const stranger = await desk.office('jembrana')
    const theirs = await read(stranger, 'sembako/candidates?list=undecided')
    expect(theirs.list.counts).toMatchObject({ residents: 0, elsewhere: 0 })
    const id = all.list.id
    expect((await stranger(`/v1/programmes/sembako/lists/${id}`)).status).toBe(404)
    expect((await call(`/v1/programmes/sembako/lists/${id}`)).status).toBe(200)
  })

  it('has the families of which the platform sent persons alone, by the keys of these', async () => {
    await using desk = await openOffice()
    const call = await desk.office('jembrana')
    const file = await readFile('tests/samples/jembrana/dtks-individu.csv', 'utf8')
    await desk.take(call, 'dtks-individu', 'k-1', file, 'text/csv')
    const families = await desk.families()
    expect(families.length).toBeGreaterThan(50)
    const { list, candidates } = await read(call, 'sembako/candidates?list=undecided&limit=500')
    expect(list.counts).toMatchObject({ residents: families.length, undecided: families.length })
    expect(candidates.map(({ subject }) => subject)).toEqual(families)
    expect(candidates.every(({ keys }) => keys.length > 0 && keys.every(({ level }) => level === 'individu'))).toBe(
      true,
    )
  })

  it('is written down whenever a page of it is read, with how many stood on it', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1), resident(2)))
    const { list, next } = await read(call, 'sembako/candidates?list=undecided&limit=1')
    await read(call, `sembako/candidates?list=undecided&limit=1&after=${next}`)
    expect(await auditOf(desk, list.id)).toEqual([`${call.id} candidates.read`, `${call.id} candidates.read`])
  })

  it('prints values only with the scope to read records', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1)))
    for (const family of await desk.families()) await desk.say(family, decile(1))
    const seen = JSON.stringify((await read(call, 'gizi/candidates')).candidates)
    expect(seen).toContain('1998-01-01')
    const blind = await desk.office(SMART_KAMPUNG, ['candidates:read'])
    const told = JSON.stringify((await read(blind, 'gizi/candidates')).candidates)
    expect(told).not.toContain('1998-01-01')
    expect(told).toContain('individu.tanggal_lahir')
    const none = await desk.office(SMART_KAMPUNG, ['records:read'])
    expect((await none('/v1/programmes/gizi/candidates')).status).toBe(403)
  })

  it('is read page by page, as JSON, NDJSON and CSV with the same people', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(...[1, 2, 3, 4, 5].map((number) => resident(number))))
    const keys: string[] = []
    let next: string | null = null
    do {
      const page: Page = await read(
        call,
        `sembako/candidates?list=undecided&limit=2${next === null ? '' : `&after=${next}`}`,
      )
      expect(page.candidates.length).toBeLessThanOrEqual(2)
      keys.push(...keysOf(page))
      next = page.next
    } while (next !== null)
    expect(keys.sort()).toEqual(['SKW01', 'SKW02', 'SKW03', 'SKW04', 'SKW05'])
    const as = (accept: string) => call('/v1/programmes/sembako/candidates?list=undecided', { headers: { accept } })
    const ndjson = (await (await as('application/x-ndjson')).text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(ndjson[0]).toMatchObject({ list: { programme: 'sembako' }, next: null })
    expect(
      ndjson
        .slice(1)
        .map((row) => row.keys[0].key)
        .sort(),
    ).toEqual(keys)
    const csv = (await (await as('text/csv')).text()).split('\r\n')
    expect(csv[0]).toBe(
      'keys,place,verdict,now,since_last_list,holds,against,unknown,missing,cautions,conflicts,fields,deciles,list,day,notice',
    )
    expect(
      csv
        .slice(1, -1)
        .map((line) => line.split(',')[0])
        .sort(),
    ).toEqual(keys.map((key) => `smart-kampung/${key}`))
    expect(csv[1]).toContain('keluarga.desil_nasional')
  })

  it('leaves a list that another one replaced to be read from its beginning', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', lines(resident(1), resident(2)))
    const first = await read(call, 'sembako/candidates?list=undecided&limit=1')
    await makeList(call, 'sembako')
    expect((await call(`/v1/programmes/sembako/candidates?list=undecided&after=${first.next}`)).status).toBe(200)
    await makeList(call, 'sembako')
    const late = await call(`/v1/programmes/sembako/candidates?list=undecided&after=${first.next}`)
    expect(await problemOf(late)).toEqual({ status: 410, code: 'list-renewed' })
  })

  it('refuses what it does not know', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    expect(await problemOf(await call('/v1/programmes/kip/candidates'))).toEqual({
      status: 404,
      code: 'programme-unknown',
    })
    expect((await call('/v1/programmes/kjp/candidates?region=abc')).status).toBe(400)
    expect((await call('/v1/programmes/kjp/candidates?list=all')).status).toBe(400)
    expect((await call('/v1/programmes/kjp/candidates?limit=501')).status).toBe(400)
    const lists = (query: string) => call(`/v1/programmes/kjp/lists${query}`, { method: 'POST' })
    expect((await lists('?region=3510')).status).toBe(200)
    expect(await problemOf(await lists('?region=31'))).toEqual({ status: 403, code: 'region-outside' })
    expect((await lists('?wilayah=3510')).status).toBe(400)
    const steward = await desk.caller(null, ['steward'])
    expect((await steward('/v1/programmes/kjp/candidates')).status).toBe(403)
    expect((await steward('/v1/programmes')).status).toBe(200)
  })
})
