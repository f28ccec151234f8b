import { describe, expect, it } from 'vitest'
import { type Access, accessUnder, demandOf, securitySchemes } from '../../../src/trust/access/access.ts'
import { SCOPES } from '../../../src/trust/access/scopes.ts'

describe('demandOf', () => {
  it.for<[Access, ReturnType<typeof demandOf>]>([
    [{ scope: 'ops' }, ['ops']],
    [{ scope: ['ops', 'steward'] }, ['ops', 'steward']],
    [{ public: 'anybody may read it' }, 'open'],
    [{}, 'unsaid'],
    [{ scope: [] }, 'unsaid'],
    [{ scope: 'ops', public: 'also open' }, 'unsaid'],
  ])('reads %j as %j', ([access, demand]) => {
    expect(demandOf(access)).toEqual(demand)
  })
})

describe('accessUnder', () => {
  const prefixes = {
    '/docs': { public: 'docs' },
    '/console': { scope: 'ops' },
    '/console/mine': { scope: 'steward' },
  } as const
  it.for([
    ['/docs', prefixes['/docs']],
    ['/docs/static/x.js', prefixes['/docs']],
    ['/docsecret', undefined],
    ['/', undefined],
    ['/console/queues', prefixes['/console']],
    ['/console/mine/1', prefixes['/console/mine']],
  ] as const)('gives %s its prefix', ([url, access]) => {
    expect(accessUnder(prefixes, url)).toBe(access)
  })
})

describe('securitySchemes', () => {
  it('describes every scope', () => {
    expect(Object.keys(securitySchemes('').oauth.flows.clientCredentials.scopes)).toEqual(Object.keys(SCOPES))
  })
})
