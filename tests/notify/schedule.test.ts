import { describe, expect, it } from 'vitest'
import type { Platform } from '../../src/domain/platform.ts'
import { endingsAt } from '../../src/notify/ending.ts'
import { overduesAt } from '../../src/notify/overdue.ts'
import { judgeAnswer, nextAttemptSeconds, RETRY_SECONDS, restSeconds } from '../../src/notify/schedule.ts'

const DAY = 86_400

describe('the schedule of attempts', () => {
  it('begins within seconds and goes on for three days', () => {
    const waits = RETRY_SECONDS.map((_, at) => nextAttemptSeconds(at + 1, 0) ?? 0)
    const total = waits.reduce((sum, wait) => sum + wait, 0)
    expect([waits[0], waits.length, total > 3 * DAY, total < 4 * DAY]).toEqual([5, 9, true, true])
    expect(nextAttemptSeconds(10, 0)).toBeUndefined()
    expect(nextAttemptSeconds(2, 0.5)).toBe(315)
  })

  it.each([
    [1, null, 1],
    [3, null, 4],
    [50, null, 300],
    [1, 0, 0],
    [1, 120, 120],
    [1, 999_999, 3600],
  ])('leaves a webhook alone after %i failures when it asks for %s: %i s', (failures, asked, seconds) => {
    expect(restSeconds(failures, asked)).toBe(seconds)
  })

  it.each([
    [200, 'delivered'],
    [202, 'delivered'],
    [299, 'delivered'],
    [301, 'failed'],
    [400, 'failed'],
    [404, 'failed'],
    [410, 'gone'],
    [429, 'failed'],
    [500, 'failed'],
  ])('takes status %i as %s', (status, is) => {
    expect(judgeAnswer(status, undefined).is).toBe(is)
  })

  it('reads the seconds of a Retry-After, and no date', () => {
    expect([judgeAnswer(429, '30'), judgeAnswer(503, 'Sat, 28 Nov 2026 09:00:00 GMT')]).toMatchObject([
      { retryAfter: 30 },
      { retryAfter: null },
    ])
  })
})

describe('the end of an agreement', () => {
  const platform = (validTo: string): Platform => ({
    name: 'utara',
    title: '',
    scope: [],
    datasets: [],
    contact: '',
    agreement: {
      number: 'PKS-1',
      parties: [],
      purpose: '',
      legalBasis: [],
      validFrom: '2020-01-01',
      validTo,
      fields: '*',
    },
  })
  const marks = (now: string) =>
    endingsAt(new Date(now), [platform('2026-12-31')]).map(({ name = '', data }) => [
      name.split(' ').at(-1),
      data.days_left,
    ])

  it.each([
    ['2026-10-31T12:00:00Z', []],
    ['2026-10-31T17:00:00Z', [['60', 60]]],
    ['2026-11-30T12:00:00Z', [['60', 31]]],
    ['2026-12-01T12:00:00Z', [['30', 30]]],
    ['2026-12-20T00:00:00Z', [['30', 11]]],
    ['2026-12-24T00:00:00Z', [['7', 7]]],
    ['2026-12-30T00:00:00Z', [['1', 1]]],
    // In Jakarta the last day has begun, and later ended, seven hours earlier.
    ['2026-12-30T17:00:00Z', [['0', 0]]],
    ['2026-12-31T16:59:00Z', [['0', 0]]],
    ['2026-12-31T17:00:00Z', []],
  ])('is told at %s by the mark and the days left: %j', (now, expected) => {
    expect(marks(now)).toEqual(expected)
  })

  it('is not told of an agreement that the next one follows without a gap', () => {
    const ending = platform('2026-12-31').agreement
    const renewed = (validFrom: string): Platform => ({
      ...platform('2027-12-31'),
      earlier: [ending],
      agreement: { ...ending, number: 'PKS-2', validFrom, validTo: '2027-12-31' },
    })
    const now = new Date('2026-12-30T00:00:00Z')
    expect(endingsAt(now, [renewed('2027-01-01')])).toEqual([])
    expect(endingsAt(now, [renewed('2027-01-02')])).toMatchObject([{ data: { agreement: 'PKS-1', days_left: 1 } }])
  })

  it.each([
    ['2026-02-01', '2026-01-02', undefined],
    ['2026-02-02', '2026-01-02', { days: 31, last_pushed: '2026-01-02' }],
    ['2026-01-31', undefined, undefined],
    ['2026-02-01', undefined, { days: 31, last_pushed: null }],
    ['2026-02-01', '2025-06-01', { days: 31, last_pushed: '2025-06-01' }],
    ['2027-01-01', undefined, undefined],
  ])('is not the only thing told: on %s a last push on %s is overdue by %j', (today, last, data) => {
    const one = platform('2026-12-31')
    const promised = { ...one, agreement: { ...one.agreement, validFrom: '2026-01-01', cadenceDays: 30 } }
    const noon = (day: string) => new Date(`${day}T05:00:00Z`)
    const pushes = new Map(last === undefined ? [] : [['utara', noon(last)] as const])
    const told = overduesAt(noon(today), [promised], pushes).map((event) => event.data)
    expect(told).toMatchObject(data === undefined ? [] : [{ agreement: 'PKS-1', cadence_days: 30, ...data }])
    expect(overduesAt(noon(today), [one], pushes)).toEqual([])
  })
})
