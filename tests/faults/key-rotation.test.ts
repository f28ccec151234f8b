import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Pool } from 'pg'
import { expect, inject, it } from 'vitest'
import { freePort } from '../../src/io/local/port.ts'
import { openPool, withClient } from '../../src/io/postgres/postgres.ts'
import { parseKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { titian } from '../support/command.ts'
import { openEverything } from '../support/opened.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

it('a worker that runs on goes on after keys rotate, and no record pays for it', { timeout: 600_000 }, async () => {
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

it('a gateway that runs on takes tokens of the key that took over, and publishes it', {
  timeout: 600_000,
}, async () => {
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

it('five rotations under load, a process killed in each, leave nothing under old keys and nobody another person', {
  timeout: 600_000,
}, async () => {
  await using system = await startSystem()
  const gateway = await system.start('serve')
  await system.start('receiver')
  let worker = await system.start('work')
  const platform = system.as('carik-jakarta')
  const first = await platform.push('carik', 'first', carikPayload(60))
  await platform.settled(first.batch.id)
  const { admin } = inject('postgres')
  const database = `${admin}${system.database}`
  const persons = () =>
    withClient(database, async (db) => {
      const { rows } = await db.query<{ persons: string }>(
        `select string_agg(encode(key_index, 'hex') || ' ' || subject, ' ' order by key_index) as persons
         from source_record`,
      )
      return rows[0]?.persons
    })
  const before = await persons()
  await system.kill(worker)
  await system.kill(gateway)
  const pushed: ReturnType<typeof platform.push>[] = []
  for (let time = 1; time <= 5; time++) {
    expect((await titian(['keys', 'rotate', '--file', system.keys])).code).toBe(0)
    // Gateway and worker both seal anew: whoever comes to the turn first dies.
    const crash = { CRASH_AT: `reseal:before-commit:${1 + time}` }
    const both = await Promise.all([system.start('serve', crash), system.start('work', crash)])
    pushed.push(platform.push('carik', `again-${time}`, carikPayload(60)))
    await Promise.race(both.map(({ ended }) => ended))
    expect(both.map((child) => child.signal())).toContain('SIGKILL')
    await Promise.all(both.filter((child) => child.signal() === null).map(system.kill))
  }
  await system.start('serve')
  worker = await system.start('work')
  for (const { batch } of await Promise.all(pushed))
    expect(await platform.settled(batch.id)).toMatchObject({ gap: 0, counts: { unchanged: 60 } })
  const open = async () => openPool(database, 2)
  const keys = (command: string) => titian(['keys', command, '--file', system.keys], {}, open)
  const unused = async () => (await keys('status')).out.filter((line) => line.includes('opens only\t0 values')).length
  await until(async () => (await unused()) === 5, 60)
  expect((await keys('retire')).out).toEqual([expect.stringContaining('has no seal key 1, 2, 3, 4, 5 any more')])
  expect((await keys('retire')).code).not.toBe(0)

  // With the old keys gone, a new worker opens all that there is, and everybody is who they were.
  await Promise.all([system.kill(worker), system.start('work')])
  const last = await platform.push('carik', 'last', carikPayload(60))
  expect(await platform.settled(last.batch.id)).toMatchObject({ gap: 0, counts: { unchanged: 60 } })
  expect(await persons()).toBe(before)
  const vault = openVault(parseKeyRing(await readFile(system.keys, 'utf8'), system.keys))
  await using pool = await poolOf(database)
  expect((await openEverything(pool.pool, vault)).length).toBeGreaterThan(200)
  await platform.close()
})

async function poolOf(url: string): Promise<AsyncDisposable & { pool: Pool }> {
  const pool = openPool(url, 2)
  return { pool, [Symbol.asyncDispose]: () => pool.end() }
}
