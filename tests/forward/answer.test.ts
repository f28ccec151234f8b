import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeGet, judgePut, retrySeconds } from '../../src/forward/answer.ts'
import { backoffSeconds, pauseSeconds, refusedSeconds } from '../../src/forward/backoff.ts'
import { composeDelivery } from '../../src/forward/compose.ts'
import { codingFor } from '../../src/io/http/coding.ts'
import { goldenLines } from './gateway.ts'

const BATCH = 'bat_0000000000000000000000000a'
const { manifest } = composeDelivery(goldenLines(BATCH, 2), {
  id: 'dlv_00000000000000000000000000',
  batch: BATCH,
  platform: 'carik-jakarta',
  dataset: 'carik',
  agreement: 'PKS-1',
  schemaVersion: '1',
  composedAt: new Date(0),
})
const receipt = { delivery: manifest.delivery, digest: manifest.digest, records: 6, refused: [] }
const refusal = { subject: 'per_00000000000000000000000000', code: 'record-invalid' }
const NOW = new Date('2026-07-01T00:00:00Z')

describe('an answer to PUT', () => {
  it.for([
    [200, 'receipt'],
    [201, 'receipt'],
    [202, 'pending'],
    [204, 'failed'],
    [301, 'failed'],
    [307, 'failed'],
    [400, 'refused'],
    [401, 'failed'],
    [403, 'failed'],
    [404, 'failed'],
    [408, 'pending'],
    [409, 'pending'],
    [413, 'refused'],
    [415, 'refused'],
    [422, 'refused'],
    [425, 'pending'],
    [429, 'busy'],
    [500, 'failed'],
    [502, 'failed'],
    [503, 'failed'],
  ] as const)('of status %i means %s, even with a good receipt in it', ([status, is]) => {
    expect(judgePut({ status, retryAfter: undefined, body: receipt }, manifest, NOW).is).toBe(is)
  })

  it('of status 503 with Retry-After means that everybody waits', () => {
    expect(judgePut({ status: 503, retryAfter: '7', body: {} }, manifest, NOW)).toEqual({ is: 'busy', seconds: 7 })
  })

  it.for([
    ['no body', undefined],
    ['another delivery', { ...receipt, delivery: 'dlv_00000000000000000000000001' }],
    ['another digest', { ...receipt, digest: `sha-256=:${'A'.repeat(43)}=:` }],
    ['a record too few', { ...receipt, records: 5 }],
    ['a refusal that is counted twice', { ...receipt, records: 4, refused: [refusal, refusal] }],
    ['a refusal beside full counts', { ...receipt, refused: [refusal] }],
    ['a code that is a sentence', { ...receipt, records: 5, refused: [{ ...refusal, code: 'NIK 3571 salah' }] }],
    ['counts as text', { ...receipt, records: '6' }],
  ] as const)('is not believed with %s', ([, body]) => {
    const answer = { status: 200, retryAfter: undefined, body }
    expect(judgePut(answer, manifest, NOW)).toEqual({ is: 'failed', reason: 'receipt-invalid' })
    expect(judgeGet(answer, manifest, NOW)).toEqual({ is: 'failed', reason: 'receipt-invalid' })
  })

  it('keeps of a receipt only what it knows', () => {
    const body = { ...receipt, records: 5, refused: [refusal], note: 'something else' }
    expect(judgePut({ status: 201, retryAfter: undefined, body }, manifest, NOW)).toEqual({
      is: 'receipt',
      receipt: { ...receipt, records: 5, refused: [refusal] },
    })
  })
})

it('means absent only when GET says 404', () => {
  const answer = { status: 404, retryAfter: undefined, body: undefined }
  expect([judgeGet(answer, manifest, NOW).is, judgePut(answer, manifest, NOW).is]).toEqual(['absent', 'failed'])
})

it.for([
  ['120', 120],
  ['Wed, 01 Jul 2026 00:01:30 GMT', 90],
  ['Tue, 30 Jun 2026 00:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1e9', undefined],
  [undefined, undefined],
] as const)('reads Retry-After %s as %s seconds', ([text, seconds]) => {
  expect(retrySeconds(text, NOW)).toBe(seconds)
})

describe('the wait', () => {
  const random = fc.double({ min: 0, max: 0.999, noNaN: true })

  it('doubles and stays between one second and five minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), random, (attempts, chance) => {
        const seconds = backoffSeconds(attempts, chance)
        expect(seconds).toBeGreaterThanOrEqual(Math.min(150, 2 ** (attempts - 1)))
        expect(seconds).toBeLessThanOrEqual(300)
      }),
    )
  })

  it('obeys Retry-After up to two minutes', () => {
    fc.assert(
      fc.property(fc.nat(), random, (asked, chance) => {
        expect(pauseSeconds(asked, 1, chance)).toBe(Math.min(120, Math.max(1, asked)))
      }),
    )
  })

  it('is some seconds after a first refusal, and never more than five minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), random, (attempts, chance) => {
        expect(refusedSeconds(1, chance)).toBeLessThanOrEqual(20)
        expect(refusedSeconds(attempts, chance)).toBeGreaterThanOrEqual(10)
        expect(refusedSeconds(attempts, chance)).toBeLessThanOrEqual(300)
      }),
    )
  })
})

it.for([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br', 'identity'],
  ['zstd', 'zstd'],
  ['gzip, ZSTD;q=0.5', 'zstd'],
  ['zstd;q=0', 'identity'],
  ['*', 'zstd'],
  ['*, zstd;q=0.000', 'identity'],
  ['zstd;q=0.5, identity', 'identity'],
  ['zstd, identity;q=0.5', 'zstd'],
  ['zstd ; q = 0.8 , *;q=0', 'zstd'],
  ['*;q=0', undefined],
  ['gzip, identity;q=0', undefined],
  ['xzstd', 'identity'],
] as const)('answers Accept-Encoding %s in %s', ([header, coding]) => {
  expect(codingFor(header)).toBe(coding)
})
