import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
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
