import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startEmbedded } from '../../../src/io/local/embedded.ts'
import { readPid } from '../../../src/io/local/orphan.ts'
import { memoryOfMachine, sharedBuffersOf } from '../../../src/io/local/shared-buffers.ts'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { until } from '../../support/running.ts'

type Folder = AsyncDisposable & { path: string }

async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'titian-embedded-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The shells that end PostgreSQL when we end: the one that waits for it, and the one that waits for us. */
function guardsOf(postmaster: number): number[] {
  const parent = execFileSync('ps', ['-o', 'ppid=', '-p', String(postmaster)], { encoding: 'utf8' }).trim()
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', parent], { encoding: 'utf8' }).trim().split(/\s+/)
  return [Number(parent), ...children.map(Number).filter((pid) => pid !== postmaster)]
}

describe('the embedded PostgreSQL', () => {
  it('starts in a folder that is closed to other accounts, durable and in UTF-8', async () => {
    await using folder = await temporaryFolder()
    const data = join(folder.path, 'closed', 'data')
    await mkdir(data, { recursive: true })
    await chmod(join(folder.path, 'closed'), 0o700)
    const server = await startEmbedded(data)
    const { rows } = await withClient(server.urlFor('titian', 'titian'), (db) =>
      db.query(`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
        current_setting('server_encoding') as encoding, current_setting('listen_addresses') as address,
        pg_size_bytes(current_setting('shared_buffers'))::float8 / 1048576 as buffers,
        (select rolsuper from pg_roles where rolname = current_user) as superuser`),
    )
    const buffers = sharedBuffersOf(memoryOfMachine())
    expect(rows).toEqual([
      { fsync: 'on', commit: 'on', encoding: 'UTF8', address: '127.0.0.1', buffers, superuser: false },
    ])
    await server.stop()
  })

  it('keeps data, port and passwords over a stop, and leaves no process', async () => {
    await using folder = await temporaryFolder()
    const first = await startEmbedded(folder.path)
    const url = first.urlFor('titian_owner', 'titian')
    await withClient(url, (db) => db.query('create table kept ()'))
    const pid = (await readPid(join(folder.path, 'postgres', 'postmaster.pid'))) ?? 0
    await first.stop()
    expect(isAlive(pid)).toBe(false)
    const second = await startEmbedded(folder.path)
    expect(second.urlFor('titian_owner', 'titian')).toBe(url)
    await withClient(url, (db) => db.query('drop table kept'))
    await second.stop()
  })

  it('ends and replaces a server that a killed run left running', async () => {
    await using folder = await temporaryFolder()
    const lock = join(folder.path, 'postgres', 'postmaster.pid')
    const killed = await startEmbedded(folder.path)
    const orphan = (await readPid(lock)) ?? 0
    for (const pid of guardsOf(orphan)) process.kill(pid, 'SIGKILL')
    await killed.ended
    expect(isAlive(orphan)).toBe(true)
    const server = await startEmbedded(folder.path)
    expect([isAlive(orphan), await readPid(lock)]).not.toEqual([true, orphan])
    await server.stop()
  })

  it('starts over the lock file of a server that was killed', async () => {
    await using folder = await temporaryFolder()
    const lock = join(folder.path, 'postgres', 'postmaster.pid')
    const killed = await startEmbedded(folder.path)
    const postmaster = (await readPid(lock)) ?? 0
    process.kill(postmaster, 'SIGKILL')
    await killed.ended
    expect(await readPid(lock)).toBe(postmaster)
    await until(() => !isAlive(postmaster))
    const server = await startEmbedded(folder.path)
    await withClient(server.urlFor('titian', 'titian'), (db) => db.query('select 1'))
    await server.stop()
  })

  it('keeps its passwords to its owner and values of rows out of its log', async () => {
    await using folder = await temporaryFolder()
    const server = await startEmbedded(folder.path)
    await withClient(server.urlFor('titian_owner', 'titian'), async (db) => {
      await db.query('create table person (nik text primary key)')
      for (let twice = 0; twice < 2; twice++)
        await db.query('insert into person values ($1)', ['3171010101900001']).catch(() => undefined)
      await db.query("select '3171010101900001'::integer").catch(() => undefined)
    })
    await server.stop()
    expect((await stat(join(folder.path, 'postgres.json'))).mode & 0o077).toBe(0)
    const log = await readFile(join(folder.path, 'log', 'postgres.log'), 'utf8')
    expect(log).toContain('ready to accept connections')
    expect(log).not.toContain('3171010101900001')
  })
})
