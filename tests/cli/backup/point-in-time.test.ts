import { describe, expect, it } from 'vitest'
import { momentOf } from '../../../src/cli/backup/point-in-time.file.ts'

describe('a moment to come back to', () => {
  const [base, now] = [{ made_at: '2026-11-28T01:00:00.000Z' }, new Date('2026-11-28T05:00:00Z')]

  it('is one with its zone, between the base backup and now, or the end of the archive', () => {
    expect(momentOf('2026-11-28T09:30:00+07:00', base, now)).toEqual(new Date('2026-11-28T02:30:00Z'))
    expect(momentOf('2026-11-28 02:30Z', base, now)).toEqual(new Date('2026-11-28T02:30:00Z'))
    expect(momentOf('latest', base, now)).toBeUndefined()
  })

  it.each([
    ['yesterday', /is no moment: write 2026-/],
    ['2026-11-28T02:30:00', /is no moment/],
    ['2026-13-28T02:30:00Z', /is no moment/],
    ['2026-11-28T00:59:59Z', /lies before the base backup, which goes from 2026-11-28T01:00:00.000Z on/],
    ['2026-11-28T05:00:01Z', /lies ahead of this machine's clock/],
  ])('is not %s', (text, said) => {
    expect(() => momentOf(text, base, now)).toThrow(said)
  })
})
