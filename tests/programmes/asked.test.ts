import { expect, it } from 'vitest'
import { frameOf, shownValues } from '../../src/programmes/asked.http.ts'
import type { Caller } from '../../src/trust/access/caller.ts'

const caller = (...scopes: Caller['scopes']): { caller: Caller } => ({
  caller: { client: 'utara', platform: 'utara', scopes },
})

it('shows beside a candidate the values that the agreement covers, to who may read records', () => {
  const two = ['individu.nama', 'individu.jenis_kelamin']
  const shown = (fields: '*' | string[], ...scopes: Caller['scopes']) =>
    ['individu.nama', 'individu.tanggal_lahir'].filter(shownValues(caller(...scopes), fields))
  expect(shown(two, 'candidates:read', 'records:read')).toEqual(['individu.nama'])
  expect(shown('*', 'candidates:read', 'records:read')).toEqual(['individu.nama', 'individu.tanggal_lahir'])
  expect(shown('*', 'candidates:read')).toEqual([])
})

it('shows no candidates outside of the days of the agreement, and names it', () => {
  const agreement = {
    number: 'PKS-1',
    parties: [],
    purpose: '',
    legalBasis: [],
    validFrom: '2025-01-01',
    validTo: '2025-12-31',
    fields: '*' as const,
  }
  const platform = { name: 'utara', title: '', scope: ['31'], datasets: [], contact: '', agreement }
  const frameAt = (now: string) =>
    frameOf(
      {
        book: { programmes: new Map() } as never,
        platforms: new Map([['utara', platform]]),
        clock: () => new Date(now),
      },
      caller('candidates:read'),
      'bps:31',
    )
  expect(frameAt('2025-12-31T16:59:00Z')).toMatchObject({ region: '31', day: '2025-12-31' })
  expect(() => frameAt('2025-12-31T17:00:00Z')).toThrow('agreement PKS-1 of utara ended on 2025-12-31')
})
