import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { selectDatabaseEnd } from '../../../src/reports/database-end.sql.ts'
import { appendAudit } from '../../../src/trust/audit/audit.sql.ts'
import { writeNewKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { titian } from '../../support/command.ts'
import { bareDatabase, freshDatabase, type TestDatabase } from '../../support/database.ts'
import { describeWithToken, softToken, TOKEN } from '../../support/servers/softhsm.ts'
import { runTitian } from '../../support/titian.ts'

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'titian-backup-'))
  await writeNewKeyRing(join(path, 'ring.json'), createKeyRing(new Date()))
  return {
    path,
    at: (name: string) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

const envOf = ({ url, ownerUrl }: TestDatabase, keys: string) => ({
  DATABASE_URL: url,
  DATABASE_OWNER_URL: ownerUrl,
  KEYS_FILE: keys,
})

async function write({ pool }: TestDatabase, events: number): Promise<void> {
  for (let i = 0; i < events; i++)
    await inTransaction(pool, (tx) => appendAudit(tx, { actor: 'test', action: 'batch.received', object: `bat_${i}` }))
}

describe('titian backup', () => {
  it('fills an empty database with what was there, sequences too, and keeps the keys apart', async () => {
    await using kept = await folder()
    await using source = await freshDatabase()
    await using target = await bareDatabase()
    await write(source, 3)
    await source.pool.query("select nextval('batch_order') from generate_series(1, 41)")
    await source.pool.query("select nextval('delivery_position')")
    const keys = kept.at('elsewhere')
    const made = await titian(
      ['backup', kept.at('one'), '--keys', keys, '--data', kept.path],
      envOf(source, kept.at('ring.json')),
    )
    expect([made.code, made.err]).toEqual([0, []])
    const [ring = ''] = await readdir(keys)
    expect([(await readdir(kept.at('one'))).sort(), ring]).toEqual([
      ['SHA256SUMS', 'manifest.json', 'tables'],
      expect.stringMatching(/^keys-\d{8}T\d{6}Z\.json$/),
    ])
    expect((await stat(kept.at('one'))).mode & 0o077).toBe(0)

    const put = await titian(
      ['restore', kept.at('one'), '--keys', join(keys, ring), '--data', kept.path],
      envOf(target, kept.at('new-ring.json')),
    )
    expect([put.code, put.out[2]]).toEqual([0, 'the audit log is whole: 3 rows'])
    const { sequence } = await selectDatabaseEnd(target.pool)
    const { rows } = await target.pool.query(
      "select nextval('batch_order') as batch, nextval('delivery_position') as position",
    )
    // The fourth row says that the feed began anew.
    expect([sequence, rows]).toEqual([4, [{ batch: '42', position: '2' }]])
    await expect(target.pool.query('delete from audit')).rejects.toThrow()
    const again = await titian(['restore', kept.at('one'), '--data', kept.path], envOf(target, kept.at('ring.json')))
    expect([again.code, again.err]).toEqual([
      1,
      [expect.stringContaining('is not empty, and restore overwrites nothing')],
    ])
  })

  it('refuses what is not whole, or not to be opened, before anything is touched', async () => {
    await using kept = await folder()
    await using source = await freshDatabase()
    await using target = await bareDatabase()
    const env = envOf(source, kept.at('ring.json'))
    await titian(['backup', kept.at('one'), '--data', kept.path], env)
    const said = async (...args: string[]) => (await titian([...args, '--data', kept.path], env)).err
    expect(await said('backup', kept.at('one'))).toEqual([expect.stringContaining('is not empty: each backup has')])
    for (const keys of ['two', 'two/keys', '.'])
      expect(await said('backup', kept.at('two'), '--keys', kept.at(keys))).toEqual([
        expect.stringContaining('keys are kept apart from what they open'),
      ])
    expect(await said('restore', kept.at('none'))).toEqual([expect.stringContaining('no such folder')])
    await writeNewKeyRing(kept.at('other.json'), createKeyRing(new Date()))
    const restore = (ring: string) =>
      titian(['restore', kept.at('one'), '--data', kept.path], envOf(target, kept.at(ring)))
    expect((await restore('other.json')).err).toEqual([
      expect.stringMatching(/^titian: this key ring cannot open the backup: it lacks seal-1, index-key-1, /),
    ])
    await appendFile(kept.at('one/tables/audit.copy.zst'), 'x')
    expect((await restore('ring.json')).err).toEqual([
      expect.stringContaining('tables/audit.copy.zst has another SHA-256'),
    ])
    await rm(kept.at('one/SHA256SUMS'))
    expect((await restore('ring.json')).err).toEqual([expect.stringContaining('is no whole backup: SHA256SUMS')])
    const { rows } = await target.pool.query("select from pg_class where relnamespace = 'public'::regnamespace")
    expect(rows).toEqual([])
  })
})

describeWithToken('titian backup of a ring under a token', () => {
  it('keeps the ring as it lies, and restore puts it in place under the same master key, for whoever has the PIN', {
    timeout: 300_000,
  }, async () => {
    await using token = await softToken()
    await using kept = await folder()
    await using source = await freshDatabase()
    await using target = await bareDatabase()
    await write(source, 1)
    // The library of the token reads its settings from the environment of the process.
    const run = async (words: string[], env: Record<string, string>) => {
      const { ended, stderr } = runTitian([...words, '--data', kept.path], { ...token.env, ...env })
      return [await ended, stderr()] as const
    }
    const held = async (path: string) => Object.keys(JSON.parse(await readFile(path, 'utf8')))
    const from = envOf(source, kept.at('ring.json'))
    expect(await run(['keys', 'wrap', '--token', TOKEN, '--key', 'master', '--make'], from)).toEqual([0, ''])
    expect((await run(['backup', kept.at('one'), '--keys', kept.at('elsewhere')], from))[0]).toBe(0)
    const [name = ''] = await readdir(kept.at('elsewhere'))
    const ring = join(kept.at('elsewhere'), name)
    expect(await held(ring)).toEqual(['format', 'wrapped'])

    const restore = ['restore', kept.at('one'), '--keys', ring]
    const into = envOf(target, kept.at('new-ring.json'))
    const [refused, why] = await run(restore, { ...into, KEYS_PKCS11_PIN_FILE: kept.at('none') })
    expect([refused, why]).toEqual([1, expect.stringContaining('KEYS_PKCS11_PIN_FILE')])
    expect((await run(restore, into))[0]).toBe(0)
    expect(await held(kept.at('new-ring.json'))).toEqual(['format', 'wrapped'])
    expect((await run(['keys', 'status'], into))[0]).toBe(0)
  })
})
