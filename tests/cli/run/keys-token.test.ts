import { spawnSync } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readKeyRing, writeNewKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { describeWithToken, softToken, TOKEN } from '../../support/servers/softhsm.ts'

const MAIN = join(import.meta.dirname, '../../../src/main.ts')

describeWithToken('a key ring under a token', () => {
  it('opens with the token alone, and is written under it again by every command', { timeout: 120_000 }, async () => {
    await using token = await softToken()
    const file = join(token.folder, 'keys.json')
    const keys = (words: string[], env: Record<string, string | undefined> = {}) => {
      const settings = { PATH: process.env.PATH, KEYS_FILE: file, ...token.env, ...env }
      const run = spawnSync(process.execPath, [MAIN, 'keys', ...words], { env: settings, encoding: 'utf8' })
      return { code: run.status, said: run.stdout + run.stderr }
    }
    const wrapped = async (path = file) => {
      const text = await readFile(path, 'utf8')
      return { keys: Object.keys(JSON.parse(text)), leaks: text.includes(plain.seal[0]?.key ?? '-') }
    }
    const UNDER = { keys: ['format', 'wrapped'], leaks: false }
    expect(keys(['init']).code).toBe(0)
    const plain = await readKeyRing(file)
    const master = ['--token', TOKEN, '--key', 'master-1']
    expect(keys(['wrap', ...master]).said).toContain('has no key master-1')
    expect(keys(['wrap', ...master, '--make']).code).toBe(0)
    expect(keys(['wrap', ...master, '--make']).said).toContain('has a key master-1')
    expect(await wrapped()).toEqual(UNDER)

    // Without the token nothing opens, and no answer tells the PIN.
    await expect(readKeyRing(file)).rejects.toMatchObject({ code: 'config-invalid' })
    const wrong = join(token.folder, 'wrong')
    await writeFile(wrong, '111111', { mode: 0o600 })
    const refused = keys(['rotate'], { KEYS_PKCS11_PIN_FILE: wrong })
    expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('CKR_PIN_INCORRECT') })
    expect(refused.said).not.toContain('111111')
    await chmod(token.pin, 0o644)
    expect(keys(['rotate']).said).toContain('is open to other users')
    await chmod(token.pin, 0o600)
    expect(keys(['rotate'], { KEYS_PKCS11_MODULE: '/no/such.so' }).code).toBe(1)

    expect(keys(['rotate']).code).toBe(0)
    const split = join(token.folder, 'gateway.json')
    expect(keys(['split', '--for', 'gateway', '--out', split]).code).toBe(0)
    expect([await wrapped(), await wrapped(split)]).toEqual([UNDER, UNDER])
    // Another master key takes over from the first.
    expect(keys(['wrap', '--token', TOKEN, '--key', 'master-2', '--make']).code).toBe(0)
    const held = JSON.parse(await readFile(file, 'utf8'))
    expect(held.wrapped.label).toBe('master-2')
    // What was changed in the file opens no more.
    await writeFile(file, JSON.stringify({ ...held, wrapped: { ...held.wrapped, label: 'master-1' } }), { mode: 0o600 })
    expect(keys(['rotate']).code).toBe(1)
    await writeFile(file, JSON.stringify(held), { mode: 0o600 })
    expect(keys(['unwrap']).code).toBe(0)
    const ring = await readKeyRing(file)
    expect(ring.seal).toEqual([plain.seal[0], expect.objectContaining({ version: 2 })])
    expect(ring.index).toEqual(plain.index)

    // The token is lost: a copy of a custodian goes under another one.
    await using other = await softToken()
    await writeNewKeyRing(join(other.folder, 'keys.json'), plain)
    const moved = { ...other.env, KEYS_FILE: join(other.folder, 'keys.json') }
    expect(keys(['wrap', '--token', TOKEN, '--key', 'master', '--make'], moved).code).toBe(0)
    expect(await wrapped(moved.KEYS_FILE)).toEqual(UNDER)
    expect(keys(['unwrap'], moved).code).toBe(0)
    expect(await readKeyRing(moved.KEYS_FILE)).toEqual(plain)
  })
})
