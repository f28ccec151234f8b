import { describe, expect, it } from 'vitest'
import { platformOf } from '../../../src/trust/access/caller.ts'
import type { Scope } from '../../../src/trust/access/scopes.ts'

describe('platformOf', () => {
  it.for<[string | null, Scope[], string | null | 'refused']>([
    ['carik-jakarta', ['batches:read'], 'carik-jakarta'],
    [null, ['ops'], null],
    [null, ['steward'], null],
    [null, ['deliveries:read'], 'refused'],
    [null, [], 'refused'],
  ])('shows a caller of platform %s with scopes %j the platform %s', ([platform, scopes, expected]) => {
    const caller = { client: 'some', platform, scopes }
    if (expected === 'refused')
      expect(() => platformOf(caller)).toThrow(expect.objectContaining({ code: 'scope-missing' }))
    else expect(platformOf(caller)).toBe(expected)
  })
})
