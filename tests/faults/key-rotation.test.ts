import { randomUUID } from 'node:crypto'
import { expect, inject, it } from 'vitest'
import { freePort } from '../../src/io/local/port.ts'
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

it('a gateway that runs on takes tokens of the key that took over, and publishes it', { timeout: 60_000 }, async () => {
  await using system = await startSystem()
  await system.start('serve')
  const keysOf = async () => (await (await fetch(`${system.url}/.well-known/jwks.json`)).json()) as { keys: unknown[] }
  const before = await keysOf()
  expect((await titian(['keys', 'rotate', '--file', system.keys])).code).toBe(0)
  // A second gateway of the same installation, started since, issues under the new key.
  const port = await freePort()
  await system.start('serve', { PORT: String(port), PUBLIC_URL: system.url })
  const granted = await fetch(`http://127.0.0.1:${port}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'carik-jakarta',
      client_secret: system.secret('carik-jakarta'),
    }),
  })
  const { access_token } = (await granted.json()) as { access_token: string }
  const answer = await fetch(`${system.url}/v1/batches`, { headers: { authorization: `Bearer ${access_token}` } })
  expect(answer.status).toBe(200)
  expect((await keysOf()).keys).toHaveLength(before.keys.length + 2)
})
