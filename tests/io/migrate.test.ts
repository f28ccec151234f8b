import { describe, expect, it } from 'vitest'
import { migrate } from '../../src/io/migrate.ts'
import { freshDatabase } from '../support/database.ts'

describe('migrations', () => {
  it('find nothing to do on a database that has them', async () => {
    await using db = await freshDatabase()
    expect(await migrate(db.ownerUrl, 'titian')).toEqual([])
  })

  it('leave the application a role that can work but not change tables', async () => {
    await using db = await freshDatabase()
    await db.pool.query("insert into destination (name) values ('bps')")
    await expect(db.pool.query('drop table destination')).rejects.toThrow('must be owner')
  })
})
