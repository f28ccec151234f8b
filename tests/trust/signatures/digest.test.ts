import { describe, expect, it } from 'vitest'
import {
  contentDigestOf,
  createDigestCheck,
  formatContentDigest,
  parseContentDigest,
} from '../../../src/trust/signatures/digest.ts'

// RFC 9530, appendix B.
const BODY = Buffer.from('{"hello": "world"}')
const SHA256 = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:'
const SHA512 = 'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:'
const WRONG256 = contentDigestOf(Buffer.from('other'))

describe('parseContentDigest', () => {
  it.for<[string, string[] | undefined]>([
    [SHA256, ['sha-256']],
    [SHA512, ['sha-512']],
    [`${SHA256}, ${SHA512}`, ['sha-256', 'sha-512']],
    [`md5=:1B2M2Y8AsgTpgAmY7PhCfg==:, ${SHA256}`, ['sha-256']],
    [`unixsum=:AAE=:;q=1, ${SHA256};q=0.5`, ['sha-256']],
    ['md5=:1B2M2Y8AsgTpgAmY7PhCfg==:', undefined],
    ['', undefined],
    ['sha-256', undefined],
    ['sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=', undefined],
    ['sha-256="X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="', undefined],
    ['sha-256=:AAAA:', undefined],
    [`${SHA256}, ${SHA256}`, undefined],
    [`${SHA256},`, undefined],
    ['SHA-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:', undefined],
    ['sha-256=(:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:)', undefined],
  ])('reads %s as %j', ([header, algorithms]) => {
    expect(parseContentDigest(header)?.map(({ algorithm }) => algorithm)).toEqual(algorithms)
  })

  it('is undone by formatContentDigest', () => {
    expect(formatContentDigest(parseContentDigest(`${SHA256}, ${SHA512}`) ?? [])).toBe(`${SHA256}, ${SHA512}`)
  })
})

describe('createDigestCheck', () => {
  it.for<[string, boolean]>([
    [SHA256, true],
    [SHA512, true],
    [`${SHA256}, ${SHA512}`, true],
    [WRONG256, false],
    [`${WRONG256}, ${SHA512}`, false],
    [`${SHA512}, ${WRONG256}`, false],
  ])('finds that a body in pieces fits %s: %s', ([header, expected]) => {
    const check = createDigestCheck(parseContentDigest(header) ?? [])
    for (let i = 0; i < BODY.length; i += 5) check.update(BODY.subarray(i, i + 5))
    expect(check.matches()).toBe(expected)
  })

  it('makes the digest that RFC 9530 shows', () => {
    expect(contentDigestOf(BODY)).toBe(SHA256)
  })
})
