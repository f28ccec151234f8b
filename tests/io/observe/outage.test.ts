import { describe, expect, it } from 'vitest'
import { TitianError } from '../../../src/domain/error.ts'
import { isOutage } from '../../../src/io/observe/outage.ts'

const withCode = (code: string) => Object.assign(new Error('x'), { code })

describe('an outage', () => {
  it.each([
    ...['08000', '08006', '0A000', '25006', '25P02', '25P03', '28P01', '3D000', '40001', '40P01', '42501', '42P01'],
    ...['53100', '53200', '53300', '55006', '55P03', '57014', '57P01', '57P02', '57P03', '58030', '58P01', 'XX001'],
    ...[
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'ENOSPC',
      'EMFILE',
      'EIO',
      'EROFS',
      'EAI_AGAIN',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED'],
  ])('is what %s speaks of', (code) => {
    expect(isOutage(withCode(code))).toBe(true)
  })

  it.each(['22001', '22P02', '22021', '23505', '23514', '42601', '54000', 'P0001', 'ERR_INVALID_ARG_TYPE'])(
    'is not what %s speaks of',
    (code) => {
      expect(isOutage(withCode(code))).toBe(false)
    },
  )

  it('is what our own errors about servers and keys are, and what they were caused by', () => {
    for (const code of ['keys-outdated', 'key-ring-invalid', 'unavailable', 'server-unsafe'] as const)
      expect(isOutage(new TitianError(code))).toBe(true)
    expect(isOutage(new TitianError('sealed-invalid'))).toBe(false)
    expect(isOutage(new TitianError('internal', 'x', { cause: withCode('57P01') }))).toBe(true)
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true)
    expect(isOutage(new TypeError('x is not a function'))).toBe(false)
    expect(isOutage('ECONNREFUSED')).toBe(false)
  })
})
