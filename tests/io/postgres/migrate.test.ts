import { describe, expect, it } from 'vitest'
import { migrate } from '../../../src/io/postgres/migrate.ts'
import { bareDatabase, emptyDatabase, freshDatabase } from '../../support/database.ts'

describe('migrations', () => {
  it('find nothing to do on a database that has them', async () => {
    await using db = await freshDatabase()
    expect(await migrate(db.ownerUrl, 'titian')).toEqual([])
  })

  it('are applied once when several start at once', async () => {
    await using db = await emptyDatabase()
    const applied = await Promise.all([1, 2, 3].map(() => migrate(db.url, 'titian')))
    expect(applied.map(({ length }) => length > 0).sort()).toEqual([false, false, true])
  })

  it('distribute no tables where the extension is missing, and change nothing before they say so', async () => {
    await using db = await bareDatabase()
    await expect(migrate(db.ownerUrl, 'titian', { distributed: true })).rejects.toThrow('no extension citus')
    const { rows } = await db.pool.query(`select to_regclass('migration') as made`)
    expect(rows).toEqual([{ made: null }])
  })

  it('leave the application a role that can work but not change tables', async () => {
    await using db = await freshDatabase()
    await db.pool.query("insert into destination (name) values ('bps')")
    await expect(db.pool.query('drop table destination')).rejects.toThrow('must be owner')
  })
})
