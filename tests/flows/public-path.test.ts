import { expect, it } from 'vitest'
import { openDesk, raisePossibleMatch } from '../console/desk.ts'
import type { TestGateway } from './gateway.ts'

const BASE = '/gerbang'
const NDJSON = { 'content-type': 'application/x-ndjson' }
const open = () => openDesk({ PUBLIC_URL: `https://satu.example${BASE}` })

/** A browser's requests, following nothing. */
async function browse(desk: TestGateway) {
  const { cookie } = await desk.person(['ops', 'steward'])
  return (path: string, init: RequestInit = {}) =>
    fetch(`${desk.url}${path}`, { redirect: 'manual', ...init, headers: { cookie, ...init.headers } })
}

function absolutePaths(page: string): string[] {
  return [...page.matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(([, path = '']) => path.replaceAll('&amp;', '&'))
}

it('every link and form of a page lies below the public path, and leads somewhere', async () => {
  await using desk = await open()
  const id = await raisePossibleMatch(desk)
  const get = await browse(desk)
  const found = new Set<string>()
  for (const path of ['/console', '/console/reviews', '/console/reviews?lang=en', `/console/reviews/${id}`]) {
    const paths = absolutePaths(await (await get(path)).text())
    expect(paths.length).toBeGreaterThan(3)
    for (const one of paths) found.add(one)
  }
  const refused = absolutePaths(await (await get('/console/reviews/none')).text())
  expect([...found, ...refused].filter((path) => !path.startsWith(`${BASE}/`))).toEqual([])
  // A form that only acts has no page to look at.
  const acts = (path: string) => (path.includes('/sign-out') ? { method: 'POST' } : {})
  for (const path of found) expect([path, (await get(path, acts(path))).status]).not.toEqual([path, 404])
})

it('a decided review leads back to the list below the public path, once', async () => {
  await using desk = await open()
  const id = await raisePossibleMatch(desk)
  const answer = await (await browse(desk))(`${BASE}/console/reviews/${id}`, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'later', reason: 'because' }),
    headers: { origin: desk.url, 'sec-fetch-site': 'same-origin' },
  })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${BASE}/console/reviews?saved=later`])
})

it('the queue page and the API documents load their parts from below the public path', {
  timeout: 300_000,
}, async () => {
  await using desk = await open()
  const get = await browse(desk)
  const board = await (await get(`${BASE}/console/queues/jobs`)).text()
  expect(/<base href="([^"]*)"/.exec(board)?.[1]).toBe(`${BASE}/console/queues/jobs/`)
  const parts = absolutePaths(await (await get(`${BASE}/docs`)).text())
  expect(parts.length).toBeGreaterThan(3)
  for (const part of parts) expect([part.startsWith(`${BASE}/`), (await get(part)).status]).toEqual([true, 200])
  expect((await get(`${BASE}/docs?lang=en`)).headers.get('location')).toBe(`${BASE}/docs/`)
  const document = (await (await get(`${BASE}/docs/json`)).json()) as {
    servers: { url: string }[]
    components: { securitySchemes: { oauth: { flows: { clientCredentials: { tokenUrl: string } } } } }
  }
  expect(document.servers).toEqual([{ url: BASE }])
  expect(document.components.securitySchemes.oauth.flows.clientCredentials.tokenUrl).toBe(`${BASE}/oauth/token`)
})

it('answers to programs name addresses below the public path, those of problems and next pages too', async () => {
  await using desk = await open()
  const call = await desk.caller('carik-jakarta')
  const pushed = await call(`${BASE}/v1/datasets/carik/batches`, {
    method: 'POST',
    body: '{}\n{}\n',
    headers: { ...NDJSON, 'idempotency-key': 'satu' },
  })
  expect(pushed.status).toBe(202)
  const location = pushed.headers.get('location') ?? ''
  expect(location).toMatch(/^\/gerbang\/v1\/batches\/bat_/)
  expect((await call(location)).status).toBe(200)
  const problem = (await (await call(`${BASE}/v1/nowhere`)).json()) as { type: string }
  expect(problem.type).toBe(`${BASE}/problems/not-found`)
  expect((await fetch(`${desk.url}${problem.type}`)).status).toBe(200)
  const stranger = (await (await fetch(`${desk.url}${BASE}/v1/batches`)).json()) as { type: string }
  expect(stranger.type).toBe(`${BASE}/problems/token-missing`)
})
