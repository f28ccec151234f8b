import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { clientsCommand } from '../../../src/cli/admin/clients.ts'
import { keysCommand } from '../../../src/cli/admin/keys.ts'
import type { CliContext } from '../../../src/cli/context.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { findEnabledClient } from '../../../src/trust/access/client.sql.ts'
import { createLogin } from '../../../src/trust/access/login.ts'
import { readKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { certificateFor } from '../../notify/certificate.ts'
import { freshDatabase } from '../../support/database.ts'
import { accountOf } from '../../support/fixtures/people.ts'

/** A command line in a folder of its own. */
async function terminal(url = '') {
  const dir = await mkdtemp(join(tmpdir(), 'titian-cli-'))
  const printed: string[] = []
  const context: CliContext = {
    env: {},
    out: (line) => void printed.push(line),
    err: () => {},
    interactive: false,
    dataDir: dir,
    signal: new AbortController().signal,
    exit: () => {},
    openDatabase: async () => openPool(url, 2),
  }
  return {
    dir,
    ring: join(dir, 'keys.json'),
    async run(...words: string[]): Promise<string[]> {
      printed.length = 0
      const program = new Command('titian').exitOverride().configureOutput({ writeErr: () => {} })
      for (const command of [keysCommand(context), clientsCommand(context)]) {
        program.addCommand(command)
        for (const sub of [command, ...command.commands]) sub.exitOverride().configureOutput({ writeErr: () => {} })
      }
      await program.parseAsync(words, { from: 'user' })
      return [...printed]
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

describe('titian keys', () => {
  it('init makes a ring for its owner only, once', async () => {
    await using at = await terminal()
    await at.run('keys', 'init')
    expect((await stat(at.ring)).mode & 0o777).toBe(0o600)
    await expect(at.run('keys', 'init')).rejects.toMatchObject({ code: 'key-ring-invalid' })
  })

  it('rotate adds keys, at once or later', async () => {
    await using at = await terminal()
    await at.run('keys', 'init')
    await at.run('keys', 'rotate')
    await at.run('keys', 'rotate', '--in', '60')
    const { seal } = await readKeyRing(at.ring)
    expect(seal.map(({ version }) => version)).toEqual([1, 2, 3])
    expect(Date.parse(seal[2]?.from ?? '') - Date.parse(seal[1]?.from ?? '')).toBeGreaterThanOrEqual(3_600_000)
    await expect(at.run('keys', 'rotate', '--in', 'soon')).rejects.toThrow('whole number of minutes')
  })

  it('rotate refuses where there is no ring', async () => {
    await using at = await terminal()
    await expect(at.run('keys', 'rotate')).rejects.toMatchObject({ code: 'key-ring-invalid' })
  })
})

describe('titian clients', () => {
  it('add shows a secret that logs in, list shows the client without it, disable ends it', async () => {
    await using db = await freshDatabase()
    await using at = await terminal(db.url)
    await at.run('keys', 'init')
    const [line = ''] = await at.run('clients', 'add', 'carik', '--platform', 'carik-jakarta', '--json')
    const made = JSON.parse(line)
    expect(made).toMatchObject({ id: 'carik', platform: 'carik-jakarta' })
    expect(made.scopes).toContain('batches:write')
    const login = createLogin(db.pool, openVault(await readKeyRing(at.ring)))
    expect(await login('carik', made.secret, 'here')).toMatchObject({ is: 'known' })

    const listed = await at.run('clients', 'list')
    expect(listed.join()).toContain('carik\tcarik-jakarta\tenabled')
    expect(listed.join()).not.toContain(made.secret)

    await at.run('clients', 'disable', 'carik')
    expect(await login('carik', made.secret, 'here')).toEqual({ is: 'refused' })
    expect(JSON.parse((await at.run('clients', 'list', '--json')).join())).toMatchObject({
      id: 'carik',
      disabled_at: expect.any(String),
    })
  })

  it('add makes a national client with the scopes that are named, and draws an id', async () => {
    await using db = await freshDatabase()
    await using at = await terminal(db.url)
    await at.run('keys', 'init')
    const [line = ''] = await at.run('clients', 'add', '--scope', 'deliveries:read', 'deliveries:ack', '--json')
    expect(JSON.parse(line)).toMatchObject({ platform: null, scopes: ['deliveries:read', 'deliveries:ack'] })
    expect(JSON.parse(line).id).toMatch(/^cli_[0-9a-f]{16}$/)
  })

  it('add makes a client that acts for a person, with roles of persons alone', async () => {
    await using db = await freshDatabase()
    await using at = await terminal(db.url)
    await at.run('keys', 'init')
    const vault = openVault(await readKeyRing(at.ring))
    const siti = await accountOf({ db: db.pool, vault }, ['steward'], 'siti')
    const add = (...words: string[]) => at.run('clients', 'add', ...words, '--json')
    const [line = ''] = await add('--scope', 'steward', '--person', 'siti')
    expect(JSON.parse(line)).toMatchObject({ scopes: ['steward'], person: siti })
    expect((await at.run('clients', 'list')).join()).toContain(siti)
    await expect(add('--scope', 'results:write', '--person', siti)).rejects.toThrow('roles of persons')
    await expect(add('--platform', 'carik-jakarta', '--person', siti)).rejects.toThrow('roles of persons')
    await expect(add('--scope', 'steward', '--person', 'tidak-ada')).rejects.toMatchObject({ code: 'not-found' })
  })

  it.for<[string, string[]]>([
    ['an unknown scope', ['--scope', 'everything']],
    ['no scope and no platform', []],
    ['a platform with ops', ['--platform', 'carik-jakarta', '--scope', 'ops']],
    ['a bad id', ['A b', '--scope', 'ops']],
  ])('add refuses %s', async ([, words]) => {
    await using at = await terminal()
    await at.run('keys', 'init')
    await expect(at.run('clients', 'add', ...words)).rejects.toThrow()
  })

  it('add takes the public keys or the certificate of a client instead of giving it a secret, keys replaces them', async () => {
    await using db = await freshDatabase()
    await using at = await terminal(db.url)
    await at.run('keys', 'init')
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const file = async (name: string, kid: string, key = publicKey) => {
      const path = join(at.dir, name)
      await writeFile(path, JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid }] }))
      return path
    }
    const certificate = join(at.dir, 'client.pem')
    await writeFile(certificate, certificateFor('bps').cert)
    const first = await file('a.json', 'satu')
    const made = await at.run(
      'clients',
      'add',
      'carik',
      '--platform',
      'carik-jakarta',
      '--jwks',
      first,
      '--profile',
      'fapi',
    )
    expect(made).toEqual(['client  carik'])
    await at.run('clients', 'add', 'bps', '--scope', 'deliveries:read', '--certificate', certificate)
    expect((await findEnabledClient(db.pool, 'carik'))?.jwks?.keys.map(({ kid }) => kid)).toEqual(['satu'])
    expect((await findEnabledClient(db.pool, 'bps'))?.certificates).toHaveLength(1)
    await at.run('clients', 'keys', 'carik', '--jwks', await file('b.json', 'dua'))
    expect((await findEnabledClient(db.pool, 'carik'))?.jwks?.keys.map(({ kid }) => kid)).toEqual(['dua'])
    const listed = (await at.run('clients', 'list')).join()
    expect(listed).toMatch(/carik\t.*\tkey fapi/)
    expect(listed).toMatch(/bps\t.*\tcertificate/)

    const secret = await file('c.json', 'satu', privateKey)
    for (const words of [
      ['add', '--scope', 'ops', '--jwks', secret],
      ['add', '--scope', 'ops', '--jwks', certificate],
      ['add', '--scope', 'ops', '--certificate', first],
      ['add', '--scope', 'ops', '--profile', 'fapi'],
      ['add', '--scope', 'ops', '--profile', 'strict'],
      ['keys', 'carik'],
      ['keys', 'nobody', '--jwks', first],
    ])
      await expect(at.run('clients', ...words), words.join(' ')).rejects.toThrow()
  })

  it('add refuses an id that is taken, disable one that is not there', async () => {
    await using db = await freshDatabase()
    await using at = await terminal(db.url)
    await at.run('keys', 'init')
    await at.run('clients', 'add', 'watch', '--scope', 'ops')
    await expect(at.run('clients', 'add', 'watch', '--scope', 'ops')).rejects.toMatchObject({ code: 'bad-request' })
    await expect(at.run('clients', 'disable', 'nobody')).rejects.toMatchObject({ code: 'not-found' })
  })
})
