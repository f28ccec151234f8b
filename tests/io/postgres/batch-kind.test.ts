import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { freshDatabase } from '../../support/database.ts'

const MIGRATION = new URL('../../../src/io/postgres/migrations/0009_batch_kind.sql', import.meta.url)

it('says of batches that are there what they are about', async () => {
  await using db = await freshDatabase()
  // Back to what older code left, and through the migration again.
  await withClient(db.ownerUrl, async (owner) => {
    await owner.query('alter table batch drop column kind cascade')
    await owner.query(`
      insert into batch (id, platform, dataset, dataset_version, agreement, idempotency_key)
      values ('bat_1', 'sumedang', 'sumedang', '1', 'PKS', '1'), ('bat_2', 'titian', 'link-decision', '1', 'titian', '2'),
        ('bat_3', 'titian', 'link-again', '1', 'titian', '3')`)
    await owner.query(readFileSync(MIGRATION, 'utf8'))
  })
  const { rows } = await db.pool.query<{ id: string; kind: string }>('select id, kind from batch order by id')
  expect(rows.map(({ id, kind }) => [id, kind])).toEqual([
    ['bat_1', 'push'],
    ['bat_2', 'decision'],
    ['bat_3', 'relink'],
  ])
})
