import { randomUUID } from 'node:crypto'
import { expect, inject, it } from 'vitest'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { titian } from '../support/command.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

it('a worker that runs on goes on after keys rotate, and no record pays for it', { timeout: 120_000 }, async () => {
  await using system = await startSystem()
  const gateway = await system.start('serve')
  await Promise.all([system.start('receiver'), system.start('work')])
  const first = system.as('carik-jakarta')
  const before = await first.push('carik', randomUUID(), carikPayload(50))
  await first.settled(before.batch.id)
  await first.close()
  expect((await titian(['keys', 'rotate', '--file', system.keys])).code).toBe(0)
  // The gateway alone is started again: it seals under a key that the worker has never seen.
  await gateway.stop()
  await system.start('serve')
  const platform = system.as('carik-jakarta')
  const { batch } = await platform.push('carik', randomUUID(), carikPayload(60))
  expect(await platform.settled(batch.id)).toMatchObject({ state: 'settled', gap: 0, counts: { held: 0 } })
  const { admin } = inject('postgres')
  const rows = await withClient(`${admin}${system.database}`, async (db) => {
    const { rows } = await db.query<{ versions: number[] }>(
      `select array_agg(distinct get_byte(payload, 2) order by get_byte(payload, 2)) as versions from delivery where batch = $1`,
      [batch.id],
    )
    return rows
  })
  // Having read its ring anew, the worker seals under the new key as well.
  expect(rows[0]?.versions).toEqual([2])
})
