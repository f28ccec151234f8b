import { request } from 'node:http'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import type { Scope } from '../../src/trust/access/scopes.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { type Attempt, attempts, OPERATIONS, type Operation } from './contract.ts'
import { openGateway, push } from './gateway.ts'

const SECONDS = 20
const PLATFORM: Scope[] = ['batches:write', 'batches:read', 'records:read', 'results:read', 'conservation:read']
const NATIONAL: Scope[] = ['ops', 'steward', 'deliveries:read', 'deliveries:ack']

type Answer = { status: number; type: string; text: string }

it(
  'answers whatever is asked without failing, and only as its document says',
  async () => {
    const registry = await openRegistry({}, openVault(createKeyRing(new Date())))
    await using gateway = await openGateway({ OPEN_BATCHES: '100000', TOKEN_SECONDS: '3600' }, registry)
    const region = await gateway.caller('carik-jakarta', PLATFORM)
    const national = await gateway.caller(null, NATIONAL)
    const pushed = await push(region, 'first', '{"id_keluarga":"KLG-1"}\n', { dataset: 'carik' })
    const { id } = (await pushed.json()) as { id: string }
    const known = [
      id,
      'carik',
      'carik-jakarta',
      'jenis_lantai',
      'KLG-1',
      '1',
      region.id,
      region.secret,
      'client_credentials',
    ]

    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
    process.stdout.write(`fuzz: FUZZ_SEED=${seed}\n`)
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(anyAttempt(known), async ({ attempt, isKnown }) => {
        const caller = isNational(attempt.operation) ? national : region
        const authorization =
          isKnown && attempt.operation.security.length > 0 ? { authorization: `Bearer ${caller.token}` } : {}
        const answer = await send(gateway.url, attempt, authorization)
        seen.add(attempt.operation.path)
        expect(faultOf(attempt.operation, answer)).toBeUndefined()
      }),
      { seed, numRuns: 1_000_000, interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false },
    )
    expect([...seen].sort()).toEqual([...new Set(OPERATIONS.map(({ path }) => path))].sort())
  },
  SECONDS * 3000,
)

function anyAttempt(known: readonly string[]) {
  return fc.record({
    attempt: fc.oneof(...OPERATIONS.map((operation) => attempts(operation, known))),
    isKnown: fc.oneof({ arbitrary: fc.constant(true), weight: 9 }, fc.constant(false)),
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
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path: url, method: operation.method, headers: { ...headers, ...more } },
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
