import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Manifest } from '../../src/forward/manifest.ts'
import type { Scope } from '../../src/trust/access/scopes.ts'
import { openDesk, REGISTRY, raisePossibleMatch } from '../console/desk.ts'
import { type Attempt, attempts, OPERATIONS, type Operation } from './contract.ts'
import { push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

const SECONDS = 20
const PLATFORM: Scope[] = [
  'batches:write',
  'batches:read',
  'records:read',
  'results:read',
  'conservation:read',
  'webhooks:write',
]
const NATIONAL: Scope[] = ['ops', 'steward', 'deliveries:read', 'deliveries:ack']

type Answer = { status: number; type: string; text: string }

it(
  'answers whatever is asked without failing, and only as its document says',
  async () => {
    await using desk = await openDesk({ OPEN_BATCHES: '100000' })
    const region = await desk.caller('carik-jakarta', PLATFORM)
    const national = await desk.caller(null, NATIONAL)
    const known = [...(await knownThings(desk, region, national)), region.id, region.secret, 'client_credentials']
    const attemptIs = (operations: readonly Operation[]) =>
      fc.asyncProperty(anyAttempt(operations, known), async ({ attempt, isCaller }) => {
        const caller = isNational(attempt.operation) ? national : region
        const isAsked = isCaller && attempt.operation.security.length > 0
        const answer = await send(desk.url, attempt, isAsked ? { authorization: `Bearer ${caller.token}` } : {})
        expect(faultOf(attempt.operation, answer)).toBeUndefined()
      })

    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
    process.stdout.write(`fuzz: FUZZ_SEED=${seed}\n`)
    for (const operation of OPERATIONS) await fc.assert(attemptIs([operation]), { seed, numRuns: 10 })
    const limits = { interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false }
    await fc.assert(attemptIs(OPERATIONS), { seed, numRuns: 1_000_000, ...limits })
  },
  SECONDS * 6000,
)

type Caller = Awaited<ReturnType<TestGateway['caller']>>

/** Names of things that are there, so that not every request ends at a 404. */
async function knownThings(desk: TestGateway, region: Caller, national: Caller): Promise<string[]> {
  const sample = await readFile('tests/samples/carik-jakarta/carik.ndjson', 'utf8')
  const lines = sample.split('\n').slice(0, 3).join('\n')
  const { id } = (await (await push(region, 'first', lines, { dataset: 'carik' })).json()) as { id: string }
  await workAll(desk, await REGISTRY)
  const { deliveries } = (await (await national('/v1/deliveries')).json()) as { deliveries: { manifest: Manifest }[] }
  const links = (await (await national('/v1/links')).text()).trim().split('\n')
  const people = links.map((line) => JSON.parse(line) as { person_id: string; source_key: string })
  const review = await raisePossibleMatch(desk)
  return [
    id,
    review,
    ...deliveries.flatMap(({ manifest }) => [manifest.delivery, manifest.digest]),
    ...people.slice(0, 3).flatMap(({ person_id, source_key }) => [person_id, source_key]),
    'carik',
    'carik-jakarta',
    'jenis_lantai',
    'utama',
    `evt_${'0'.repeat(32)}`,
    'batch.settled',
    'https://region.example/titian',
    '1',
  ]
}

function anyAttempt(operations: readonly Operation[], known: readonly string[]) {
  return fc.record({
    attempt: fc.oneof(...operations.map((operation) => attempts(operation, known))),
    isCaller: fc.oneof({ arbitrary: fc.constant(true), weight: 9 }, fc.constant(false)),
  })
}

function isNational({ security }: Operation): boolean {
  const scopes = security.flatMap(({ oauth = [] }) => oauth)
  return !scopes.some((scope) => PLATFORM.includes(scope as Scope))
}

/** What of an answer is not as the document says; undefined when it is. */
function faultOf({ responses }: Operation, { status, type, text }: Answer): string | undefined {
  const said = responses[status] ?? responses[`${String(status)[0]}XX`]
  if (status >= 500) return `${status} ${text}`
  if (said === undefined) return `${status} is not documented: ${text.slice(0, 300)}`
  const types = Object.keys(said.content ?? {})
  if (types.length === 0) return text === '' ? undefined : `${status} has a body`
  return types.includes(type) ? undefined : `${status} is ${type}, not ${types.join(' or ')}`
}

/** Sends a request as it stands: `fetch` would mend its address and its headers. */
function send(base: string, { operation, url, headers, body }: Attempt, more: Record<string, string>): Promise<Answer> {
  const { hostname, port } = new URL(base)
  // Node does not tell the length of a DELETE's body: its bytes would be the next request.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path: url, method: operation.method, headers: { ...length, ...headers, ...more } },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (piece) => {
          text += piece
        })
        incoming.on('end', () => {
          const type = (incoming.headers['content-type'] ?? '').split(';')[0] ?? ''
          resolve({ status: incoming.statusCode ?? 0, type, text })
        })
        incoming.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
