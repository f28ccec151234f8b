import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Pool } from 'pg'
import { expect, inject, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { Payload } from '../../src/cli/client/push.client.ts'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { openRecord } from '../../src/link/subjects/sealed-record/open-record.db.ts'
import { parseKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { titian } from '../support/command.ts'
import { openEverything } from '../support/opened.ts'
import { until } from '../support/running.ts'
import { type System, startSystem } from '../support/system.ts'
import { payloadOf as linesAsPayload } from './families.ts'

const FAMILIES = 30

/**
 * Who is one person or one family, by what the sources call them: the records under one subject, as platform and source key, a line
 * for each subject. Ids are left out: two installations draw other ones.
 */
async function subjectsOf(db: Pool, keys: string): Promise<string[]> {
  const vault = openVault(parseKeyRing(await readFile(keys, 'utf8'), keys))
  const { rows } = await db.query<{ key: string; subject: string; platform: string; sealed: Buffer }>(
    `select encode(key_index, 'hex') as key, subject, platform, sealed from source_record`,
  )
  const named = rows.map(({ key, subject, platform, sealed }) => {
    const record = openRecord({ key, platform, sealed }, vault)
    return { subject, name: `${platform} ${record.level} ${record.key}` }
  })
  return [...Map.groupBy(named, ({ subject }) => subject).values()]
    .map((group) =>
      group
        .map(({ name }) => name)
        .sort()
        .join(', '),
    )
    .sort()
}

/** New families, changed members, and those that are there as they are; the same in every installation. */
const PUSHES = [
  { count: FAMILIES, isChanged: false },
  { count: FAMILIES + 15, isChanged: false },
  { count: FAMILIES + 15, isChanged: true },
  { count: FAMILIES + 30, isChanged: true },
  { count: FAMILIES + 30, isChanged: false },
]

function payloadOf(at: number): Payload {
  const { count, isChanged } = PUSHES[at] ?? { count: 0, isChanged: false }
  const lines = [...families(count)]
  return linesAsPayload(isChanged ? lines.map((line) => line.replaceAll('"Pedagang"', '"Wiraswasta"')) : lines)
}

async function push(system: System, at: number) {
  const platform = system.as('carik-jakarta')
  const { batch } = await platform.push('carik', randomUUID(), payloadOf(at))
  await platform.close()
  return batch.id
}

async function settled(system: System, batch: string) {
  const platform = system.as('carik-jakarta')
  const view = await platform.settled(batch)
  await platform.close()
  return view
}

function poolOf({ database }: System): AsyncDisposable & { pool: Pool } {
  const pool = openPool(`${inject('postgres').admin}${database}`, 2)
  return { pool, [Symbol.asyncDispose]: () => pool.end() }
}

/** The subjects of an installation that takes the same pushes and rotates nothing. */
async function withoutRotation(): Promise<string[]> {
  await using system = await startSystem({ settings: { CHUNK_RECORDS: '50' } })
  await using db = poolOf(system)
  await Promise.all([system.start('serve'), system.start('work'), system.start('receiver')])
  for (const at of PUSHES.keys()) await settled(system, await push(system, at))
  return await subjectsOf(db.pool, system.keys)
}

it('the index key rotates under load, killed five times on the way, and everybody is who they are without it', {
  timeout: 600_000,
}, async () => {
  await using system = await startSystem({ settings: { CHUNK_RECORDS: '50' } })
  await using db = poolOf(system)
  const keys = (command: string, ...more: string[]) =>
    titian(['keys', command, '--file', system.keys, ...more], {}, async () =>
      openPool(`${inject('postgres').admin}${system.database}`, 2),
    )
  const indexLines = async () => (await keys('status')).out.filter((line) => line.startsWith('index key'))

  const [gateway, first] = await Promise.all([system.start('serve'), system.start('work'), system.start('receiver')])
  await settled(system, await push(system, 0))
  await system.kill(first)
  const pushed: string[] = []
  for (const at of PUSHES.keys()) if (at > 0) pushed.push(await push(system, at))
  expect(await indexLines()).toEqual([expect.stringMatching(/^index key 1\tworks\t[1-9]\d* rows\t/)])
  expect((await keys('rotate', '--index')).out[0]).toContain('index key 2')
  // A second rotation has to wait for the end of the first.
  expect((await keys('rotate', '--index')).code).not.toBe(0)
  // The gateway would go on with the rotation while the worker is away.
  await system.kill(gateway)

  for (const point of ['before-begin:1', 'before-commit:2', 'before-commit:9', 'before-end:1']) {
    const doomed = await system.start('work', { CRASH_AT: `reindex:${point}` }).catch(() => undefined)
    // It may have died before it was ready.
    await doomed?.ended
    expect(doomed === undefined || doomed.signal() === 'SIGKILL').toBe(true)
  }
  expect((await indexLines())[1]).toMatch(/^index key 2\tis moved to\t[1-9]\d* rows\t/)
  // The fifth time from outside, at whatever moment it is.
  await system.kill(await system.start('work'))
  const [, worker] = await Promise.all([system.start('serve'), system.start('work')])

  pushed.push(await push(system, PUSHES.length - 1))
  await until(async () => (await indexLines())[1]?.startsWith('index key 2\tworks') === true, 120)
  for (const batch of pushed)
    expect(await settled(system, batch)).toMatchObject({ state: 'settled', gap: 0, counts: { held: 0, rejected: 0 } })
  expect((await keys('retire')).out).toEqual([expect.stringContaining('has no index key 1 any more')])
  expect(await indexLines()).toEqual([expect.stringMatching(/^index key 2\tworks\t[1-9]\d* rows\t/)])

  // With the old key gone from the ring, a worker that starts now finds everybody, and everything opens.
  await system.kill(worker)
  await system.start('work')
  const again = await settled(system, await push(system, PUSHES.length - 1))
  expect(again).toMatchObject({ gap: 0, counts: { unchanged: FAMILIES + 30, new: 0, updated: 0 } })
  expect(await subjectsOf(db.pool, system.keys)).toEqual(await withoutRotation())
  const vault = openVault(parseKeyRing(await readFile(system.keys, 'utf8'), system.keys))
  expect((await openEverything(db.pool, vault)).length).toBeGreaterThan(200)
})
