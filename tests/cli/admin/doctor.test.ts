import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, inject, it } from 'vitest'
import { doctorCommand, examineAll } from '../../../src/cli/admin/doctor.ts'
import type { CliContext } from '../../../src/cli/context.ts'
import { freePort } from '../../../src/io/local/port.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { postgresFaults } from '../../../src/io/postgres/server-checks.ts'
import { keyRingFile, writeKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { aad, openVault } from '../../../src/trust/keys/vault.ts'
import { showProcess } from '../../../src/watch/process.sql.ts'
import { receiveBatch } from '../../support/batches.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'

const ring = createKeyRing(new Date('2026-01-01T00:00:00Z'))
const LIMITS = { LEASE_SECONDS: 30, DATABASE_CONNECTIONS: 10 }

/** A data folder with a key ring, a database with a worker, and the doctor over both. */
async function patient(url?: string) {
  const data = await mkdtemp(join(tmpdir(), 'titian-doctor-'))
  const db = await freshDatabase()
  await writeKeyRing(keyRingFile(data), ring)
  await showProcess(db.pool, { id: 'one', kind: 'worker', host: 'here', version: process.version })
  const env: Record<string, string> = {}
  const context = { env, openDatabase: async () => openPool(url ?? db.url, 2) }
  return {
    ...{ data, db, env, context },
    look: async ({ leastFree = 0, ahead = 0 } = {}) => {
      const found = await examineAll(context, { data, leastFree }, () => Date.now() + ahead)
      return found.filter(({ is }) => is !== 'well')
    },
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await rm(data, { recursive: true, force: true })
    },
  }
}

const asAdmin = async (db: TestDatabase, statement: string) => {
  const pool = openPool(db.ownerUrl, 1)
  await pool.query(statement)
  await pool.end()
}

describe('titian doctor', () => {
  it('finds nothing where all is well, says so, and ends with 0', async () => {
    await using at = await patient()
    const said: string[] = []
    let code = -1
    const context = {
      ...{ ...at.context, dataDir: at.data, out: (line: string) => said.push(line) },
      exit: (given: number) => {
        code = given
      },
    } as unknown as CliContext
    const run = (...words: string[]) =>
      new Command().addCommand(doctorCommand(context)).parseAsync(['doctor', '--least-free', '0', ...words], {
        from: 'user',
      })
    await run()
    expect(said.filter((line) => !line.startsWith('ok '))).toEqual([])
    expect(said.length).toBeGreaterThanOrEqual(10)
    expect(code).toBe(0)
    at.env.RECEIVER_TOKEN = 'titian'
    said.length = 0
    await run('--json')
    const { is, found } = JSON.parse(said[0] ?? '')
    expect([is, code]).toEqual(['fault', 2])
    expect(found).toContainEqual(expect.objectContaining({ check: 'secrets', is: 'fault' }))
    expect(JSON.stringify(found)).not.toContain('"titian"')
  })

  it('finds each of many faults at once, and says of each what to do', async () => {
    await using at = await patient()
    const { db, data, env } = at
    // Sealed under a key that was left behind, by an agreement that has ended, and a chunk is gone.
    const old = openVault({ ...ring, seal: ring.seal.map((key) => ({ ...key, version: 7 })) })
    const { chunks } = await receiveBatch(db.pool, { chunks: 3 })
    const raw = old.seal(Buffer.from('x'), aad('sumedang', 'chunk', chunks[0] ?? '', 'raw'))
    await db.pool.query('update chunk set raw = $1, attempts = 3 where id = $2', [raw, chunks[0]])
    await db.pool.query('delete from chunk where id = $1', [chunks[1]])
    await db.pool.query("insert into destination values ('bps', 9, now() + interval '1 minute')")
    await db.pool.query('delete from process')
    await asAdmin(db, 'grant update on audit to titian')
    await mkdir(join(data, 'registry', 'platforms'), { recursive: true })
    await writeFile(join(data, 'registry', 'platforms', 'lama.yaml'), ENDED)
    for (const name of ['clients.json', 'people.json']) {
      await writeFile(join(data, name), '{}')
      await chmod(join(data, name), 0o644)
    }
    env.TITIAN_REGISTRY = join(data, 'registry')
    env.RECEIVER_TOKEN = 'rahasia'
    env.REDIS_URL = `redis://127.0.0.1:${await freePort()}`
    env.RECEIVER_URL = `http://127.0.0.1:${await freePort()}`

    const found = await at.look({ leastFree: 1, ahead: 3_600_000 })
    const checks = new Set(found.map(({ check }) => check))
    for (const planted of PLANTED) expect(checks).toContain(planted)
    expect(found.filter(({ todo, says }) => todo === '' || says === '')).toEqual([])
    const saidOf = (name: string) => found.find(({ check }) => check === name)
    expect(saidOf('keys')?.says).toContain('key version 7')
    expect(saidOf('postgres')?.says).toMatch(/differ by 3[56]\d\d s/)
    expect(saidOf('agreement-ending')?.says).toContain('lama')
    const open = found.filter(({ check }) => check === 'files').map(({ todo }) => todo)
    expect(open).toEqual(['clients.json', 'people.json'].map((name) => `chmod 600 ${join(data, name)}`))
    expect(saidOf('conservation-gap')?.says).toContain('10')
  }, 30_000)

  it('finds tables of an earlier version, and asks them nothing else', async () => {
    await using at = await patient()
    await asAdmin(at.db, 'delete from migration where name = (select max(name) from migration)')
    const found = await at.look()
    expect(found.map(({ check, todo }) => [check, todo])).toEqual([['migrations', 'run titian migrate']])
  })

  it('finds settings, a registry and a ring that cannot be read', async () => {
    await using at = await patient()
    at.env.TITIAN_REGISTRY = join(at.data, 'registry')
    await mkdir(join(at.data, 'registry', 'platforms'), { recursive: true })
    await writeFile(join(at.data, 'registry', 'platforms', 'baru.yaml'), 'title: 7')
    expect((await at.look()).map(({ check }) => check)).toEqual(['registry'])
    await chmod(keyRingFile(at.data), 0o644)
    at.env.PORT = 'eight'
    const found = await at.look()
    expect(found.map(({ check }) => check)).toEqual(['settings', 'keys', 'files'])
    expect(found[1]?.todo).toContain('chmod 600')
  })

  it('finds a role that is a superuser, and a database that is away', async () => {
    const admin = new URL(inject('postgres').admin)
    await using at = await patient()
    admin.pathname = new URL(at.db.url).pathname
    const asSuperuser = { env: {}, openDatabase: async () => openPool(admin.href, 1) }
    const found = await examineAll(asSuperuser, { data: at.data, leastFree: 0 })
    expect(found.filter(({ is }) => is === 'fault').map(({ says }) => says)).toContainEqual(
      expect.stringContaining('superuser'),
    )
    const away = { env: {}, openDatabase: async () => openPool('postgres://titian@127.0.0.1:1/none', 1) }
    const [last] = (await examineAll(away, { data: at.data, leastFree: 0 })).slice(-1)
    expect(last).toMatchObject({ check: 'database', is: 'fault', todo: expect.stringContaining('start PostgreSQL') })
  })

  it('would find a server that may lose what it confirms', () => {
    const sound = { fsync: 'on', fullPageWrites: 'on', synchronousCommit: 'on', encoding: 'UTF8', now: 0 }
    const facts = { ...sound, recovering: false, superuser: false, bypassesRls: true, freeConnections: 90 }
    expect(postgresFaults(facts, LIMITS, 0)).toEqual([])
    const wrong = { ...facts, fsync: 'off', fullPageWrites: 'off', synchronousCommit: 'off', freeConnections: 3 }
    expect(postgresFaults(wrong, LIMITS, 3_600_000)).toHaveLength(5)
  })
})

const PLANTED = [
  ...['keys', 'postgres', 'disks', 'rights', 'chunk-stuck', 'agreement-ending', 'breaker-open', 'worker-missing'],
  ...['queue', 'receiver', 'conservation-gap', 'secrets', 'files'],
]

const ENDED = `title: Platform lama
scope: ['31']
datasets: [carik]
agreement:
  number: SINTETIS/0
  parties: [BPS]
  purpose: uji
  legalBasis: [uji]
  validFrom: '2020-01-01'
  validTo: '2020-12-31'
  fields: '*'
contact: x@example
`
