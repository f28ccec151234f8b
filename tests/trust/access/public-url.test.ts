import { describe, expect, it } from 'vitest'
import { metadataPaths, publicUrlOf } from '../../../src/trust/access/public-url.ts'

const HERE = { host: '127.0.0.1', port: 8080 }

describe('publicUrlOf', () => {
  it.for<[string | undefined, string]>([
    ['https://titian.example', 'https://titian.example'],
    ['https://titian.example/', 'https://titian.example'],
    ['https://titian.example/gerbang', 'https://titian.example/gerbang'],
    ['https://titian.example/gerbang//', 'https://titian.example/gerbang'],
    ['HTTPS://Titian.Example:443/', 'https://titian.example'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
    [undefined, 'http://127.0.0.1:8080'],
  ])('reads %s as %s', ([given, url]) => {
    expect(publicUrlOf(given, HERE)).toBe(url)
  })

  it('puts a host of IPv6 in brackets', () => {
    expect(publicUrlOf(undefined, { host: '::1', port: 80 })).toBe('http://[::1]')
  })

  it.for(['titian.example', 'ftp://titian.example', 'https://a:b@titian.example', 'https://titian.example/?a=1', ''])(
    'refuses "%s" by the name of the setting',
    (given) => {
      expect(() => publicUrlOf(given, HERE)).toThrow(/^PUBLIC_URL must be/)
    },
  )
})

describe('metadataPaths', () => {
  it('has the place of RFC 8414 beside the common one for an issuer with a path', () => {
    expect(metadataPaths('https://titian.example')).toEqual(['/.well-known/oauth-authorization-server'])
    expect(metadataPaths('https://titian.example/a/b')).toEqual([
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-authorization-server/a/b',
    ])
  })
})
