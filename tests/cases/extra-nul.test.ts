import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '../../src/trust/access/scopes.ts'
import { openGateway, push, type TestGateway } from '../flows/gateway.ts'

let gateway: TestGateway
let batch: string
const callers = new Map<string, Awaited<ReturnType<TestGateway['caller']>>>()

beforeAll(async () => {
  gateway = await openGateway()
  const region = await gateway.caller('utara')
  callers.set('region', region)
  for (const scope of ['ops', 'steward', 'deliveries:read', 'deliveries:ack'] satisfies Scope[])
    callers.set(scope, await gateway.caller(null, [scope]))
  const pushed = await push(region, 'satu', '{"id":"a"}\n')
  batch = ((await pushed.json()) as { id: string }).id
})
afterAll(() => gateway[Symbol.asyncDispose]())

const IDS = [
  '%00',
  'bat_%00',
  'x%00y',
  '%20',
  'bat_X',
  `bat_${'0'.repeat(27)}`,
  'x'.repeat(600),
  "bat_'--",
  '%F0%9F%98%80',
]

describe('an identifier that is none', () => {
  it.for([
    ['region', 'GET', '/v1/batches/ID'],
    ['region', 'GET', '/v1/batches/ID/findings'],
    ['ops', 'POST', '/v1/batches/ID/release'],
    ['deliveries:read', 'GET', '/v1/deliveries/ID/records'],
    ['deliveries:ack', 'POST', '/v1/deliveries/ID/ack'],
    ['ops', 'GET', '/v1/persons/ID'],
    ['steward', 'POST', '/v1/persons/ID/unmerge'],
    ['steward', 'GET', '/v1/reviews/ID'],
    ['steward', 'POST', '/v1/reviews/ID'],
    ['region', 'GET', '/v1/datasets/ID'],
    ['region', 'GET', '/v1/codelists/ID'],
    ['region', 'GET', '/v1/records/orang/ID'],
    ['region', 'GET', '/v1/records/ID/a'],
    ['region', 'GET', '/v1/batches?after=ID'],
    ['region', 'GET', '/v1/batches/BATCH/findings?after=ID'],
    ['deliveries:read', 'GET', '/v1/deliveries?after=ID'],
    ['steward', 'GET', '/v1/reviews?after=ID'],
    ['steward', 'GET', '/v1/links?platform=ID'],
    ['steward', 'GET', '/v1/records/orang/a?platform=ID'],
    ['ops', 'GET', '/problems/ID'],
  ] as const)('of a %s is answered 400 or 404 at %s %s', async ([who, method, path]) => {
    for (const id of IDS) {
      const answer = await callers.get(who)?.(path.replace('BATCH', batch).replace('ID', id), { method })
      expect([id, answer?.status]).toEqual([id, answer?.status === 404 ? 404 : 400])
      expect(answer?.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    }
  })

  it.for(['2147483648.0.0', '9999999999.2.1', '1.3.0', '-1.0.0', '1.0', '1.0.0.0', '1.0.9999999999'])(
    'of a place in the findings is refused: %s',
    async (cursor) => {
      const answer = await callers.get('region')?.(`/v1/batches/${batch}/findings?after=${cursor}`)
      expect(answer?.status).toBe(400)
    },
  )

  it('leaves the console standing', async () => {
    const { cookie } = await gateway.person()
    for (const path of ['/console/reviews/%00', '/console/reviews?after=%00', '/console/reviews/x?lang=en&lang=id'])
      expect((await fetch(`${gateway.url}${path}`, { headers: { cookie } })).status).toBeLessThan(500)
  })
})

describe('a query', () => {
  it('with a parameter that there is none is refused by its name, on every operation', async () => {
    for (const path of [
      '/v1/batches?limt=5',
      `/v1/batches/${batch}?limt=5`,
      '/v1/datasets?limt=5',
      '/v1/conservation?limt=5',
    ]) {
      const answer = await callers.get('region')?.(path)
      expect(answer?.status).toBe(400)
      expect(await answer?.json()).toMatchObject({
        detail: 'there is no query parameter limt',
        errors: [{ pointer: '/querystring/limt', code: 'unknown' }],
      })
    }
  })

  it('with a parameter that might be somebody is refused without its name', async () => {
    const answer = await callers.get('region')?.('/v1/batches?3171010101900001=x')
    expect(answer?.status).toBe(400)
    expect(await answer?.text()).not.toContain('3171010101900001')
  })

  it.for([
    ['region', '/v1/batches?limit=', 100],
    ['region', '/v1/batches/BATCH/findings?limit=', 10_000],
    ['steward', '/v1/reviews?limit=', 500],
    ['deliveries:read', '/v1/deliveries?limit=', 1000],
  ] as const)('of a %s for more than there may be is refused: %s', async ([who, path, most]) => {
    const ask = async (limit: number) => (await callers.get(who)?.(`${path.replace('BATCH', batch)}${limit}`))?.status
    expect([await ask(most), await ask(most + 1), await ask(0), await ask(999_999)]).toEqual([200, 400, 400, 400])
  })
})
