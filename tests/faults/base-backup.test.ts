import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyCluster, readWholeBase } from '../../src/cli/backup/base.file.ts'
import { bringBack } from '../../src/cli/backup/point-in-time.file.ts'
import { serverPaths } from '../../src/io/local/cluster.ts'
import { startEmbedded } from '../../src/io/local/embedded.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'

describe('the embedded server', () => {
  it('comes back to a moment from a base backup and its archive, to the end of what there is, and stays where neither leads', {
    timeout: 600_000,
  }, async () => {
    await using stack = new AsyncDisposableStack()
    const kept = await mkdtemp(join(tmpdir(), 'titian-moment-'))
    stack.defer(() => rm(kept, { recursive: true, force: true }))
    const [data, folder, archive] = [join(kept, 'data'), join(kept, 'base'), join(kept, '100% wal')]
    const { cluster } = serverPaths(data)
    /** Starts the server, asks, and stops it; what was not archived by then lies in its files alone. */
    const ask = async <T>(work: Parameters<typeof withClient<T>>[1]): Promise<T> => {
      const server = await startEmbedded(data, { archive })
      try {
        return await withClient(server.urlFor('postgres', 'postgres'), work)
      } finally {
        await server.stop()
      }
    }
    const numbers = () =>
      ask(async (db) => (await db.query<{ n: number }>('select n from kept order by n')).rows.map(({ n }) => n))
    const moment = await ask(async (db) => {
      await db.query('create table kept (n integer)')
      await db.query('insert into kept values (1)')
      await copyCluster(db, cluster, folder, ['seal-1:0123'])
      await db.query('insert into kept values (2)')
      const { rows } = await db.query<{ at: Date }>("select clock_timestamp() + interval '1 millisecond' as at")
      await db.query('select pg_sleep(0.1)')
      await db.query('insert into kept values (3)')
      return (rows[0] as { at: Date }).at
    })
    expect(await readWholeBase(folder)).toMatchObject({ format: 1, keys: ['seal-1:0123'] })
    expect((await readdir(archive)).some((name) => /^[0-9A-F]{24}\.gz$/.test(name))).toBe(true)

    const aside = await bringBack({ data, folder, archive }, moment)
    expect((await stat(aside ?? '')).isDirectory()).toBe(true)
    expect(await numbers()).toEqual([1, 2])
    await ask((db) => db.query('insert into kept values (4)'))
    await bringBack({ data, folder, archive }, undefined)
    expect(await numbers()).toEqual([1, 2, 4])

    await expect(bringBack({ data, folder, archive }, new Date(Date.now() + 86_400_000))).rejects.toThrow(
      /did not lead to .*; all is as it was/,
    )
    expect(await numbers()).toEqual([1, 2, 4])
    await writeFile(join(folder, 'cluster', 'PG_VERSION'), '1')
    await expect(readWholeBase(folder)).rejects.toThrow(/was altered or damaged: cluster\/PG_VERSION/)
  })

  it('makes no base backup while nothing is archived', { timeout: 600_000 }, async () => {
    await using stack = new AsyncDisposableStack()
    const kept = await mkdtemp(join(tmpdir(), 'titian-moment-'))
    stack.defer(() => rm(kept, { recursive: true, force: true }))
    const server = await startEmbedded(kept)
    stack.defer(() => server.stop())
    await withClient(server.urlFor('postgres', 'postgres'), async (db) => {
      const made = copyCluster(db, serverPaths(kept).cluster, join(kept, 'base'), [])
      await expect(made).rejects.toThrow(/nothing is archived: set WAL_ARCHIVE/)
    })
  })
})
