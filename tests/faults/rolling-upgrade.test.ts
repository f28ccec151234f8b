import { expect, inject, it } from 'vitest'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { migrationsWith } from '../support/next-migrations.ts'
import { judge } from '../support/oracle.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

it('processes are replaced one by one over a migration in mid-run, and nothing is lost; a breaking one waits for the last', async () => {
  await using system = await startSystem()
  const owner = `${inject('postgres').owner}${system.database}`
  await using next = await migrationsWith(
    '9001_more',
    '-- One more column, and a table.\nalter table report add column more text;\ncreate table later (id text primary key);\n',
  )
  await using breaking = await migrationsWith(
    '9002_words',
    '-- breaking\n-- Other words.\nalter table report rename signs to marks;\n',
  )
  const gateway = await system.start('serve')
  await system.start('receiver')
  const [first, second] = [await system.start('work'), await system.start('work')]
  const platform = system.as('carik-jakarta')
  const { batch } = await platform.push('carik', 'once', carikPayload(200))
  await expect(migrate(owner, 'titian', { folder: breaking.path })).rejects.toThrow('(gateway: 1, worker: 2)')
  expect(await migrate(owner, 'titian', { folder: next.path })).toEqual(['9001_more'])
  // Those that run go on over the tables of the next version; those that start now find them.
  await first.stop()
  await system.start('work')
  await gateway.stop()
  await system.start('serve')
  await second.stop()
  await system.start('work')
  const { batch: later } = await platform.push('carik', 'twice', carikPayload(200, 2))
  const sent = new Map([batch, later].map(({ id }) => [id, 200]))
  for (const id of sent.keys()) await platform.settled(id)
  expect(await judge(system, sent)).toMatchObject({ lost: 0, unexpected: 0, doubled: 0, gap: 0 })
  await platform.close()
}, 600_000)
