import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Scope, scopesOf } from '../../../src/trust/access/scopes.ts'
import { createSessions } from '../../../src/trust/access/sessions.ts'
import { readAuditRows } from '../../../src/trust/audit/audit.sql.ts'
import { REGISTRY, raisePossibleMatch } from '../../console/desk.ts'
import { push } from '../../flows/gateway.ts'
import { workAll } from '../../flows/stages.ts'
import { NAMING, openTenants } from '../access/matrix/tenants.ts'

/** Names of things that only the staff of the gateway and BPS ask for. */
type Inside = Record<'review' | 'person' | 'twin' | 'delivery' | 'batch', string>
type Ask = { path: string; body?: object }

const JSON_BODY = { 'content-type': 'application/json' }
const ROWS = 'dtks-individu'

/** How a route that reads is asked, where its path names a thing or it takes a body; a page of a form is one, too. */
const READS: Readonly<Record<string, (its: Inside) => Ask>> = {
  'POST /v1/datasets/:dataset/keys': () => ({ path: `/v1/datasets/${ROWS}/keys`, body: { record: { nik: '1' } } }),
  'POST /v1/links/explain': ({ person, twin }) => ({
    path: '/v1/links/explain',
    body: { a: { person }, b: { person: twin } },
  }),
  'POST /v1/programmes/:programme/lists': () => ({ path: '/v1/programmes/sembako/lists' }),
  'POST /v1/programmes/:programme/what-if': () => ({ path: '/v1/programmes/sembako/what-if', body: {} }),
  'GET /v1/programmes/:programme/candidates': () => ({ path: '/v1/programmes/sembako/candidates?list=undecided' }),
  'GET /v1/reconciliation/:list': () => ({ path: '/v1/reconciliation/unanswered' }),
  'GET /v1/snapshots/:date': () => ({ path: `/v1/snapshots/${today()}` }),
  'GET /v1/deliveries/:id': ({ delivery }) => ({ path: `/v1/deliveries/${delivery}` }),
  'GET /v1/deliveries/:id/records': ({ delivery }) => ({ path: `/v1/deliveries/${delivery}/records` }),
  'GET /v1/batches/:id/releases': ({ batch }) => ({ path: `/v1/batches/${batch}/releases` }),
  'GET /v1/reviews/:id': ({ review }) => ({ path: `/v1/reviews/${review}` }),
  'GET /v1/persons/:id': ({ person }) => ({ path: `/v1/persons/${person}` }),
  'GET /v1/erasures/:id': () => ({ path: '/v1/erasures/era_01kaj3q8z4t0c6v9w2x5y7b1nd' }),
  'GET /v1/datasets/:dataset': () => ({ path: `/v1/datasets/${ROWS}` }),
  'GET /v1/codelists/:name': () => ({ path: '/v1/codelists/shdk' }),
  'GET /v1/audit/consistency': () => ({ path: '/v1/audit/consistency?old=0' }),
  'GET /v1/audit/leaves': () => ({ path: '/v1/audit/leaves?after=0' }),
  'GET /problems/:code': () => ({ path: '/problems/not-found' }),
  'GET /console/reviews/:id': ({ review }) => ({ path: `/console/reviews/${review}` }),
  'GET /console/persons/:id': ({ person }) => ({ path: `/console/persons/${person}` }),
  'GET /console/platforms/:name': () => ({ path: '/console/platforms/carik-jakarta' }),
  'GET /console/deliveries/:id': ({ delivery }) => ({ path: `/console/deliveries/${delivery}` }),
  'GET /console/search/:id': ({ person }) => ({ path: `/console/search/${person}` }),
  'GET /console/search/:batch/:line': ({ batch }) => ({ path: `/console/search/${batch}/2` }),
  'GET /v1/restrictions/:id': () => ({ path: '/v1/restrictions/rst_01kaj3q8z4t0c6v9w2x5y7b1nd' }),
  'GET /v1/access-requests/:id': () => ({ path: '/v1/access-requests/req_01kaj3q8z4t0c6v9w2x5y7b1nd' }),
  'GET /v1/access-requests/:id/report': () => ({ path: '/v1/access-requests/req_01kaj3q8z4t0c6v9w2x5y7b1nd/report' }),
  'GET /v1/correction-requests/:id': () => ({ path: '/v1/correction-requests/req_01kaj3q8z4t0c6v9w2x5y7b1nd' }),
  'GET /v1/breaches/:id': () => ({ path: '/v1/breaches/brc_01kaj3q8z4t0c6v9w2x5y7b1nd' }),
  'GET /v1/breaches/:id/records': () => ({ path: '/v1/breaches/brc_01kaj3q8z4t0c6v9w2x5y7b1nd/records' }),
  'GET /console/batches/:id': ({ batch }) => ({ path: `/console/batches/${batch}` }),
  'GET /console/linkage/labels/:round/:place': () => ({
    path: '/console/linkage/labels/lbl_01kaj3q8z4t0c6v9w2x5y7b1nd/1',
  }),
  'GET /console/*': () => ({ path: '/console/tiada' }),
  'GET /portal/results/:dataset': () => ({ path: `/portal/results/${ROWS}` }),
  'GET /portal/candidates/:programme': () => ({ path: '/portal/candidates/sembako' }),
  'GET /portal/uploads/*': () => ({ path: '/portal/uploads/tiada' }),
}

/** Routes that change something, which is a row of its own, or take something in: what they open, they work on. */
const CHANGES = new Set([
  'POST /oauth/token',
  'POST /v1/datasets/:dataset/batches',
  'POST /v1/datasets/:dataset/preview',
  'POST /v1/results',
  'POST /v1/submissions',
  'POST /v1/uploads',
  'OPTIONS /v1/uploads',
  'POST /v1/batches/:id/release',
  'POST /v1/batches/:id/snapshot',
  'POST /v1/deliveries/:id/ack',
  'POST /v1/deliveries/lease',
  'POST /v1/deliveries/:id/lease',
  'POST /v1/deliveries/resend',
  'POST /v1/deliveries/:id/retry',
  'POST /v1/reviews/:id',
  'POST /v1/persons/:id/unmerge',
  'POST /v1/links/again',
  'PUT /v1/webhooks/:name',
  'POST /v1/subjects/:id/erasure',
  'POST /v1/erasures/:id/confirm',
  'DELETE /v1/erasures/:id',
  'POST /v1/subjects/:id/restriction',
  'POST /v1/restrictions/:id/confirm',
  'POST /v1/restrictions/:id/lift',
  'DELETE /v1/restrictions/:id',
  'POST /v1/subjects/:id/access',
  'POST /v1/access-requests/:id/confirm',
  'DELETE /v1/access-requests/:id',
  'POST /v1/subjects/:id/correction',
  'POST /v1/correction-requests/:id/confirm',
  'DELETE /v1/correction-requests/:id',
  'POST /v1/breaches',
  'POST /v1/breaches/:id/tell',
  'POST /v1/breaches/:id/close',
  'POST /console/sign-in',
  'POST /console/sign-out',
  'POST /console/set-up',
  'POST /console/account',
  'POST /console/batches/:id/values',
  'POST /console/linkage/labels',
  'POST /console/linkage/labels/:round/:place',
  'POST /v1/audit/checkpoints/:size/cosignatures',
  'POST /console/reviews/:id',
  'POST /console/reviews/:id/reverse',
  'POST /console/webhooks',
  'POST /console/batches/:id',
  'POST /console/batches/:id/rows',
  'POST /console/held',
  'POST /console/search',
  'POST /console/deliveries',
  'POST /console/deliveries/:id',
  'POST /console/persons/:id/unmerge',
  'POST /portal/sign-in',
  'POST /portal/sign-out',
  'POST /portal/files',
  'POST /portal/uploads',
  'POST /portal/uploads/*',
  'PATCH /portal/uploads/*',
  'DELETE /portal/uploads/*',
])

/** Every route that opened sealed data of persons when it was asked. The figures of `linkage.json` are those of the page before it. */
const OPENED = [
  'GET /console/batches/:id',
  'GET /console/linkage',
  'GET /console/persons/:id',
  'GET /console/reviews',
  'GET /console/reviews/:id',
  'GET /console/search/:id',
  'GET /portal/batches/:id',
  'GET /portal/batches/:id/findings',
  'GET /v1/batches/:id/findings',
  'GET /v1/batches/:id/report',
  'GET /v1/corrections',
  'GET /v1/deliveries/:id/records',
  'GET /v1/links',
  'GET /v1/persons/:id',
  'GET /v1/programmes/:programme/candidates',
  'GET /v1/reconciliation/:list',
  'GET /v1/records/:dataset/:key',
  'GET /v1/reviews/:id',
  'GET /v1/snapshots/:date',
  'POST /v1/links/explain',
  'POST /v1/programmes/:programme/lists',
  'POST /v1/programmes/:programme/what-if',
]

const today = () => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)

let desk: Awaited<ReturnType<typeof openTenants>>
let inside: Inside
const opened: string[] = []
beforeAll(async () => {
  desk = await openTenants()
  const review = await raisePossibleMatch(desk)
  const { rows } = await desk.db.pool.query<{ person: string; twin: string; delivery: string }>(`
    select (select subject from source_record s, review r where s.key_index = r.a) as person,
      (select subject from source_record s, review r where s.key_index = r.b) as twin,
      (select id from delivery limit 1) as delivery`)
  // A row of which something is found: it is shown by its key and the form of its value.
  const sample = await readFile(`tests/samples/carik-jakarta/${ROWS}.csv`, 'utf8')
  const [head = '', row = ''] = sample.split('\n')
  const bad = row.replace(/\d{16}/, '317220158216310000').replace(/,[LP],/, ',X,')
  const pushed = await push(desk.owner, 'temuan', `${head}\n${bad}\n`, { dataset: ROWS, 'content-type': 'text/csv' })
  desk.things.batch = ((await pushed.json()) as { id: string }).id
  await workAll(desk, await REGISTRY)
  const found = { person: '', twin: '', delivery: '', ...rows[0] }
  inside = { ...found, review, batch: desk.things.batch }
  const open = desk.vault.open
  vi.spyOn(desk.vault, 'open').mockImplementation((sealed, place) => {
    const [, table = ''] = JSON.parse(place) as string[]
    // Secrets of ours, what stewards wrote, and names of those who work here: nobody that is in the data.
    if (!['webhook', 'reason', 'account'].includes(table)) opened.push(table)
    return open(sealed, place)
  })
})
afterAll(() => desk[Symbol.asyncDispose]())

type Door = (typeof desk.app.doors)[number]
const routeOf = ({ method, url }: Pick<Door, 'method' | 'url'>) => `${method} ${url}`
/** What other packages answer, and the stream of counts, which never ends. */
const isForeign = ({ url }: Door) => /^\/(docs|console\/queues|console\/live)/.test(url)
const doors = () => desk.app.doors.filter((door) => door.method !== 'HEAD' && !isForeign(door))

function askOf(door: Door): Ask | undefined {
  const route = routeOf(door)
  const own = NAMING[route]
  if (door.method === 'GET' && own !== undefined) return { path: own.path(desk.things) }
  const asked = READS[route]
  if (asked !== undefined) return asked(inside)
  return door.method === 'GET' && !/[:*]/.test(door.url) ? { path: door.url } : undefined
}

describe('a route that opens data of persons', () => {
  it('is known: how it is asked here, or that it changes something', () => {
    const unknown = doors().filter((door) => askOf(door) === undefined && !CHANGES.has(routeOf(door)))
    expect(unknown.map(routeOf).filter((route) => !(route in NAMING))).toEqual([])
    const there = new Set(doors().map(routeOf))
    expect([...Object.keys(READS), ...CHANGES].filter((route) => !there.has(route))).toEqual([])
  })

  it('is a row of the audit log with who, for what and how many, before it answers', async () => {
    const platforms = scopesOf('platform')
    const staff = await desk.caller(null, scopesOf('national'))
    const person = await desk.person(['ops', 'steward'])
    const sessions = createSessions(desk.db.pool, desk.vault, desk.deps.publicUrl)
    const cookie = (await sessions.begin(desk.owner.id)).split(';')[0] ?? ''
    const read = new Set<string>()
    const malformed: string[] = []
    for (const door of doors()) {
      const ask = askOf(door)
      if (ask === undefined) continue
      const isOwn = [door.demand].flat().some((scope) => platforms.includes(scope as Scope))
      const who = door.way === 'person' ? person : isOwn ? desk.owner : staff
      const proof =
        door.way === 'person'
          ? { cookie: person.cookie }
          : door.way === 'session'
            ? { cookie }
            : { authorization: `Bearer ${isOwn ? desk.owner.token : staff.token}` }
      const before = (await readAuditRows(desk.db.pool, 0, 10_000)).length
      opened.length = 0
      const answer = await desk.app.inject({
        method: door.method as 'GET',
        url: ask.path,
        headers: { host: 'titian.test', origin: 'http://titian.test', ...(ask.body && JSON_BODY), ...proof },
        ...(ask.body && { payload: JSON.stringify(ask.body) }),
      })
      if (answer.statusCode === 400) malformed.push(`${routeOf(door)} ${answer.body}`)
      if (opened.length === 0) continue
      read.add(routeOf(door))
      const rows = await readAuditRows(desk.db.pool, before, 10_000)
      expect(
        rows.map(({ actor }) => actor),
        `${routeOf(door)} opened ${[...new Set(opened)]} and wrote no row`,
      ).toContain(who.id)
      for (const { action, shown } of rows) {
        expect(shown, `${routeOf(door)} ${action}`).toMatchObject({ purpose: expect.any(String) })
        expect(Object.values(shown ?? {}).some((value) => typeof value === 'number')).toBe(true)
      }
    }
    expect(malformed).toEqual([])
    expect([...read].sort()).toEqual(OPENED)
  })

  it('writes a row for a page of changes, which names subjects', async () => {
    const bps = await desk.caller(null, ['deliveries:read'])
    const before = (await readAuditRows(desk.db.pool, 0, 10_000)).length
    const { changes } = (await (await bps('/v1/changes')).json()) as { changes: object[] }
    expect(changes.length).toBeGreaterThan(0)
    expect(await readAuditRows(desk.db.pool, before)).toMatchObject([
      { actor: bps.id, action: 'changes.read', shown: { purpose: 'changes', records: changes.length } },
    ])
  })
})

/** Commands that open a vault without reading a person: why. */
const OPENS_NOTHING: Readonly<Record<string, string>> = {
  'admin/clients.ts': 'makes hashes of secrets',
  'admin/deliveries.ts': 'seals a reason',
  'admin/doctor.ts': 'makes indexes of the registry',
  'admin/keys.ts': 'seals anew what is sealed; nobody sees it',
  'admin/openapi.ts': 'makes indexes of the registry',
  'admin/people.ts': 'names those who work at the console',
  'run/installation.ts': 'makes clients and their hashes',
}

describe('a command that opens a vault', () => {
  it('writes down what it reads, or is known to read nobody', () => {
    const folder = join('src', 'cli')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const opening = files.filter((file) => /openVault\(/.test(readFileSync(join(folder, file), 'utf8')))
    const silent = opening.filter((file) => !/noteReading\(/.test(readFileSync(join(folder, file), 'utf8')))
    expect(silent.sort()).toEqual(Object.keys(OPENS_NOTHING))
    expect(opening).toEqual(expect.arrayContaining(['link/link-train.ts', 'dataset/dataset-diff.ts']))
  })
})
