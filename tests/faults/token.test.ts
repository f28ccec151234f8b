import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { describeWithToken, softToken, TOKEN } from '../support/servers/softhsm.ts'
import { startSystem } from '../support/system.ts'
import { runTitian } from '../support/titian.ts'
import { carikPayload } from './families.ts'

describeWithToken('an installation whose key ring is under a token', () => {
  it('starts by it alone, reads what is rotated, and goes on while the token is away', {
    timeout: 600_000,
  }, async () => {
    await using token = await softToken()
    await using system = await startSystem({ settings: token.env })
    const keys = async (...words: string[]) => {
      const { ended, stderr } = runTitian(['keys', ...words], { KEYS_FILE: system.keys, ...token.env })
      expect([await ended, stderr()]).toEqual([0, ''])
    }
    await keys('wrap', '--token', TOKEN, '--key', 'master', '--make')
    expect(Object.keys(JSON.parse(await readFile(system.keys, 'utf8')))).toEqual(['format', 'wrapped'])
    await expect(system.start('serve', { KEYS_PKCS11_PIN_FILE: join(token.folder, 'none') })).rejects.toThrow(
      'KEYS_PKCS11_PIN_FILE',
    )
    await system.start('serve')
    await system.start('receiver')
    const worker = await system.start('work')
    const carik = system.as('carik-jakarta')
    const push = async (key: string, seed: number) => {
      const { batch } = await carik.push('carik', key, carikPayload(20, seed))
      await carik.settled(batch.id)
      return [batch.id, 20] as const
    }
    const sent = [await push('one', 1)]

    // A worker that starts after the rotation signs by a key that the gateway meets for the first time.
    await keys('rotate')
    await system.kill(worker)
    await system.start('work')
    sent.push(await push('two', 1))
    const published = async () =>
      ((await (await fetch(`${system.url}/.well-known/jwks.json`)).json()) as { keys: object[] }).keys.length
    await until(async () => (await published()) >= 3, 30)

    await rm(join(token.folder, 'tokens'), { recursive: true })
    await mkdir(join(token.folder, 'tokens'))
    await expect(system.start('work')).rejects.toThrow(`no token is called ${TOKEN}`)
    sent.push(await push('three', 1))
    expect(await judge(system, new Map(sent))).toMatchObject(FLAWLESS)
    await carik.close()
  })
})
