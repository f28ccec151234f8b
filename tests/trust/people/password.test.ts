import { describe, expect, it } from 'vitest'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import {
  createPasswords,
  newFirstPassword,
  newRecoveryCodes,
  recoveryDigest,
  refusePassword,
} from '../../../src/trust/people/password.ts'

const vault = openVault(createKeyRing(new Date(0)))

describe('a password', () => {
  it.for([
    ['elevensigns', 'short'],
    ['a'.repeat(201), 'long'],
    ['aaaabbbbaaaabbbb', 'simple'],
    ['my-name-is-SITI-indeed', 'simple'],
    ['correct horse battery', undefined],
    ['kata sandi panjang é', undefined],
  ] as const)('like %o is refused as %o', ([password, why]) => {
    expect(refusePassword(password, 'siti')).toBe(why)
  })

  it('is right for its own account, in any form of its letters, and nowhere else', async () => {
    const passwords = createPasswords(vault)
    const stored = await passwords.store('acc_1', 'kata sandi é panjang')
    const others = createPasswords(openVault(createKeyRing(new Date(0))))
    const answers = await Promise.all([
      passwords.isRight('acc_1', 'kata sandi e\u0301 panjang', stored),
      passwords.isRight('acc_1', 'kata sandi e panjang', stored),
      passwords.isRight('acc_2', 'kata sandi é panjang', stored),
      passwords.isRight('acc_1', 'kata sandi é panjang', undefined),
      others.isRight('acc_1', 'kata sandi é panjang', stored),
    ])
    expect(answers).toEqual([true, false, false, false, false])
  })
})

it('first passwords and recovery codes are groups of signs that are drawn each time', () => {
  expect(newFirstPassword()).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/)
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/)
  const [code = ''] = codes
  const typed = recoveryDigest(vault, 'acc_1', ` ${code.toUpperCase().replace('-', ' ')}`)
  expect(typed.equals(recoveryDigest(vault, 'acc_1', code))).toBe(true)
  expect(typed.equals(recoveryDigest(vault, 'acc_2', code))).toBe(false)
})
