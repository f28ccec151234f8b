import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { freshDatabase } from '../../support/database.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/operations/servers.md'), 'utf8')
const SETTINGS = [...PAGE.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
const [, STATEMENT = ''] = /```sql\n([^`]+)```/.exec(PAGE) ?? []

it('knows every setting that the page for servers names', async () => {
  await using db = await freshDatabase()
  const { rows } = await db.pool.query<{ name: string }>('select name from pg_settings where name = any($1)', [
    SETTINGS,
  ])
  expect(SETTINGS.length).toBeGreaterThan(10)
  expect(rows.map(({ name }) => name).sort()).toEqual(SETTINGS.toSorted())
})

it('takes the page’s settings of autovacuum, once and again', async () => {
  await using db = await freshDatabase()
  for (let i = 0; i < 2; i++) await withClient(db.ownerUrl, (owner) => owner.query(STATEMENT))
  const { rows } = await db.pool.query<{ set: number }>(`
    select count(*)::integer as set from pg_class where reloptions::text like '%autovacuum%' and relkind = 'r'`)
  expect(rows[0]?.set).toBe(4 + 3)
})
