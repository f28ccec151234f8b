import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keepEndNoted } from '../../../src/cli/run/known-end.ts'
import { openLog } from '../../../src/io/observe/log.ts'
import { inTransaction, openPool } from '../../../src/io/postgres/postgres.ts'
import { selectDatabaseEnd } from '../../../src/reports/database-end.sql.ts'
import { appendAudit } from '../../../src/trust/audit/audit.sql.ts'
import { keyRingFile, writeNewKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { titian as command } from '../../support/command.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { until } from '../../support/running.ts'

const log = openLog({ LOG_LEVEL: 'silent' }, 'test')

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'titian-restore-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function write({ pool }: TestDatabase, events: number): Promise<void> {
  for (let i = 0; i < events; i++)
    await inTransaction(pool, (tx) => appendAudit(tx, { actor: 'test', action: 'batch.received', object: `bat_${i}` }))
}

async function note({ pool }: TestDatabase, folder: string): Promise<void> {
  await (await keepEndNoted({ db: pool, log }, folder))[Symbol.asyncDispose]()
}

// Databases of tests are copies of one template, and so of one epoch: one with less in it is an older copy of the other.
describe('a database that was restored to an older copy', () => {
  it('is refused at the start until titian restore begins the feed anew, which is written down', async () => {
    await using folder = await temporaryFolder()
    await using present = await freshDatabase()
    await using older = await freshDatabase()
    await write(present, 3)
    await note(present, folder.path)
    await write(older, 2)
    await expect(note(older, folder.path)).rejects.toMatchObject({
      code: 'server-unsafe',
      message: expect.stringContaining('titian restore'),
    })
    const before = await selectDatabaseEnd(older.pool)
    const env = { DATABASE_URL: older.url, DATABASE_OWNER_URL: older.ownerUrl }
    const said = await command(['restore', '--data', folder.path], env)
    const after = await selectDatabaseEnd(older.pool)
    expect([said.code, said.out]).toEqual([
      0,
      [
        'the audit log is whole: 2 rows',
        `the feed of deliveries began anew (epoch ${after.epoch})`,
        expect.stringContaining('the copy goes up to delivery none'),
        expect.stringContaining('BPS is yet to be asked'),
      ],
    ])
    expect([after.epoch === before.epoch, after.sequence]).toEqual([false, 3])
    await note(older, folder.path)
    // The copy before the restore is older than what the folder knows now.
    await expect(note(present, folder.path)).rejects.toThrow('older copy')
  })

  it('is seen by its rows, even when it went on to be longer', async () => {
    await using folder = await temporaryFolder()
    await using present = await freshDatabase()
    await using older = await freshDatabase()
    await write(present, 2)
    await note(present, folder.path)
    await write(older, 5)
    await expect(note(older, folder.path)).rejects.toThrow('older copy')
  })

  it('is named by audit verify without a checkpoint', async () => {
    await using folder = await temporaryFolder()
    await using present = await freshDatabase()
    await using older = await freshDatabase()
    await write(present, 3)
    await note(present, folder.path)
    // Checkpoints in the database are signed by its keys.
    await writeNewKeyRing(keyRingFile(folder.path), createKeyRing(new Date(0)))
    const verify = (db: TestDatabase) =>
      command(
        ['audit', 'verify', '--data', folder.path, '--checkpoint', join(folder.path, 'none.json')],
        {},
        async () => openPool(db.url, 1),
      )
    expect(await verify(older)).toMatchObject({ code: 1, out: ['row 1 is missing'] })
    expect(await verify(present)).toMatchObject({ code: 0, out: [expect.stringMatching(/^3 rows, whole/)] })
  })

  it('ends the process that it is put under', async () => {
    await using folder = await temporaryFolder()
    await using present = await freshDatabase()
    await write(present, 2)
    await using noting = await keepEndNoted({ db: present.pool, log }, folder.path)
    await present.pool.query('select 1')
    const owner = openPool(present.ownerUrl, 1)
    await owner.query('alter table audit disable trigger user; delete from audit where sequence = 2')
    await owner.end()
    await until(() => noting.signal.aborted, 15)
    expect(noting.signal.reason).toMatchObject({ code: 'server-unsafe' })
  })
})
