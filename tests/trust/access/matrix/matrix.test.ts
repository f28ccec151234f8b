import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isScope, type Right, SCOPES } from '../../../../src/trust/access/scopes.ts'
import { createSessions } from '../../../../src/trust/access/sessions.ts'
import { isRole, ROLES } from '../../../../src/trust/people/roles.ts'
import { MAY, MAY_UNDER } from './expected.ts'
import { ABSENT, NAMES_NOTHING, NAMING, openTenants, type Things } from './tenants.ts'

let desk: Awaited<ReturnType<typeof openTenants>>
beforeAll(async () => {
  desk = await openTenants()
})
afterAll(() => desk[Symbol.asyncDispose]())

type Door = (typeof desk.app.doors)[number]
type Caller = { id: string; token: string; cookie?: string }
const routeOf = ({ method, url }: Door) => `${method} ${url}`
const doors = () => desk.app.doors.filter(({ method }) => method !== 'HEAD')

function mayOf(door: Door): string | undefined {
  const under = Object.entries(MAY_UNDER).find(([prefix]) => `${door.url}/`.startsWith(`${prefix}/`))
  return MAY[routeOf(door)] ?? under?.[1]
}

/** What proves a caller at a door: its token, or the cookie of a session; no client is a person. */
async function proofOf(door: Pick<Door, 'way'>, { id, token, cookie: own }: Caller): Promise<Record<string, string>> {
  if (door.way === 'person') return own === undefined ? { authorization: `Bearer ${token}` } : { cookie: own }
  if (door.way === 'token') return { authorization: `Bearer ${token}` }
  const sessions = createSessions(desk.db.pool, desk.vault, desk.deps.publicUrl)
  const cookie = cookies.get(id) ?? (await sessions.begin(id)).split(';')[0] ?? ''
  cookies.set(id, cookie)
  return { cookie }
}
const cookies = new Map<string, string>()

type Call = { method: string; url: string; headers: Record<string, string>; body?: string }
async function ask({ method, url, headers, body }: Call) {
  const origin = { host: 'titian.test', origin: 'http://titian.test' }
  const request = { method: method as 'GET', url, headers: { ...origin, ...headers } }
  const payload = body === undefined ? {} : { payload: body }
  const answer = await desk.app.inject({ ...request, ...payload, payloadAsStream: true })
  // Every answer, page or not: nothing of ours stands in a frame of another.
  expect(answer.headers['content-security-policy'], url).toContain("frame-ancestors 'none'")
  const challenge = String(answer.headers['www-authenticate'] ?? '')
  // Events go on for as long as somebody listens.
  const isEndless = String(answer.headers['content-type']).startsWith('text/event-stream')
  const stream = answer.stream()
  if (isEndless) stream.destroy()
  return { status: answer.statusCode, text: isEndless ? '' : await text(stream), challenge }
}

/** A refusal for want of a scope, as the door says it (RFC 6750, 3.1). */
const isWithoutScope = ({ status, challenge }: { status: number; challenge: string }) =>
  status === 403 && challenge.includes('error="insufficient_scope"')

const LOOKED_AT = ['/docs/json', '/console/queues']

describe('the matrix of routes and roles', () => {
  it('has an entry for each route, and none for a route that is not there', () => {
    expect(
      doors()
        .filter((door) => mayOf(door) === undefined)
        .map(routeOf),
    ).toEqual([])
    const there = new Set(desk.app.doors.map(routeOf))
    expect(Object.keys(MAY).filter((route) => !there.has(route))).toEqual([])
  })

  it('lets nobody ask a HEAD who may not ask its GET', () => {
    for (const head of desk.app.doors.filter(({ method }) => method === 'HEAD')) {
      const url = head.url.replace(/(.)\/$/, '$1')
      const may = (mayOf(head) ?? mayOf({ ...head, method: 'GET', url }))?.split(' ')
      for (const scope of [head.demand].flat()) expect(may, head.url).toContain(scope)
    }
  })

  it('lets nobody in without a token', async () => {
    for (const door of doors()) {
      const { status, challenge } = await ask({ method: door.method, url: filled(door.url), headers: {} })
      if (mayOf(door) === 'open') expect(challenge.startsWith('Bearer'), routeOf(door)).toBe(false)
      // The portal leads to where one signs in.
      else expect(door.way === 'session' ? [303, 401] : [401], routeOf(door)).toContain(status)
    }
  })

  it.for([...new Set<Right>([...Object.keys(SCOPES).filter(isScope), ...Object.keys(ROLES).filter(isRole)])])(
    'lets %s in where it may, and nowhere else',
    async (scope: Right) => {
      const platform = isScope(scope) && SCOPES[scope].holder === 'platform' ? 'sumedang' : null
      const client = await desk.caller(platform, isScope(scope) ? [scope] : [])
      const caller: Caller = isRole(scope) ? { ...client, cookie: (await desk.person([scope])).cookie } : client
      const wrong: string[] = []
      for (const door of doors()) {
        const may = mayOf(door)
        if (may === 'open') continue
        const isOurs = routeOf(door) in MAY
        // What a foreign plugin does behind its door is its own: one look inside is enough.
        if (!isOurs && may?.split(' ').includes(scope) && !LOOKED_AT.includes(door.url)) continue
        const proof = await proofOf(door, caller)
        const answer = await ask({ method: door.method, url: filled(door.url), headers: proof })
        const isIn = answer.status !== 401 && !isWithoutScope(answer)
        if (isIn !== may?.split(' ').includes(scope)) wrong.push(`${routeOf(door)} ${answer.status}`)
      }
      expect(wrong).toEqual([])
    },
  )
})

describe('the matrix of routes and platforms', () => {
  const named = () => doors().filter(({ url, demand }) => /[:*]/.test(url) && isForPlatforms(demand))

  it('has an entry for each route by which a platform names a thing', () => {
    const routes = named().map(routeOf)
    const unsaid = routes.filter((route) => !(route in NAMING) && !(route in NAMES_NOTHING) && !/\*$/.test(route))
    expect(unsaid).toEqual([])
    for (const route of [...Object.keys(NAMING), ...Object.keys(NAMES_NOTHING)]) expect(routes).toContain(route)
  })

  it("answers of another platform's thing what it answers of none", async () => {
    for (const [route, attempt] of Object.entries(NAMING)) {
      const answers = []
      for (const things of [desk.things, ABSENT]) answers.push(await attemptOf(route, attempt, desk.other, things))
      const [theirs, absent] = answers
      expect(theirs, route).toEqual(absent)
      // The list of acknowledgements is empty for both.
      const refused = route === 'GET /v1/batches/:id/acknowledgements' ? 200 : 404
      expect(theirs?.status, `${route} ${theirs?.text}`).toBe(refused)
    }
  })

  it('shows each thing to its owner afterwards, so that the question was a real one', async () => {
    for (const [route, attempt] of Object.entries(NAMING)) {
      if (!route.startsWith('GET')) continue
      const { status } = await attemptOf(route, attempt, desk.owner, desk.things)
      expect([401, 403, 404], route).not.toContain(status)
    }
  })

  it("names nothing of another platform's in a list", async () => {
    const { batch, submission, upload, list } = desk.things
    for (const door of doors().filter(
      ({ method, url, demand }) => method === 'GET' && !/[:*]/.test(url) && isForPlatforms(demand),
    )) {
      const { status, text } = await ask({ method: 'GET', url: door.url, headers: await proofOf(door, desk.other) })
      expect(status, door.url).toBeLessThan(500)
      for (const id of [batch, submission, upload, list])
        expect(text.includes(id), `${door.url} names ${id}`).toBe(false)
    }
  })
})

async function attemptOf(route: string, attempt: (typeof NAMING)[string], caller: Caller, things: Things) {
  const [method = '', url] = route.split(' ')
  const way = doors().find((door) => door.method === method && door.url === url)?.way ?? 'token'
  const { headers, body } = attempt
  const all = { ...headers, ...(await proofOf({ way }, caller)) }
  const answer = await ask({ method, url: attempt.path(things), headers: all, ...(body !== undefined && { body }) })
  const told = Object.entries(things).reduce((text, [kind, name]) => text.replaceAll(name, kind), answer.text)
  return { status: answer.status, text: told.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'request') }
}

function isForPlatforms(demand: Door['demand']): boolean {
  return Array.isArray(demand) && demand.some((right: Right) => isScope(right) && SCOPES[right].holder === 'platform')
}

/** A path with a name of the right form in each place; what it names is not there. */
function filled(url: string): string {
  const id = url.includes('submissions') ? ABSENT.submission : url.includes('uploads') ? ABSENT.upload : ABSENT.batch
  const places: Record<string, string> = { id, file: 'a.csv', which: 'rejected', date: '2026-01-01', list: ABSENT.list }
  return url.replace(/:([A-Za-z]+)/g, (_, name: string) => places[name] ?? 'tiada').replace('*', 'tiada')
}
