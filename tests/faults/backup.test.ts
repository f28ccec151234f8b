import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openGatewayClient } from '../../src/cli/client/push.client.ts'
import { readReceiverCounts } from '../../src/cli/demo/receiver-counts.client.ts'
import type { LocalInstallation } from '../../src/cli/run/demo-clients.ts'
import { freePort } from '../../src/io/local/port.ts'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { verifyAudit } from '../../src/trust/audit/verify.db.ts'
import { titian } from '../support/command.ts'
import { bareDatabase } from '../support/database.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { dataFolder, runTitian } from '../support/titian.ts'
import { carikPayload } from './families.ts'

const MINUTES = 420_000

const sumOf = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, one) => sum + one, 0)

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'titian-backup-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function command(...args: string[]): Promise<string[]> {
  const run = runTitian(args)
  expect([await run.ended, run.stderr()]).toEqual([0, expect.any(String)])
  return run.stdout().trim().split('\n')
}

async function up(data: string) {
  const run = runTitian(['up', '--json', '--data', data, '--port', String(await freePort()), '--workers', '1'])
  await run.line
  const { url, receiver, clients } = JSON.parse(await readFile(join(data, 'clients.json'), 'utf8')) as LocalInstallation
  const as = (role: string, platform: string | null = null) => {
    const { id = '', secret = '' } = clients.find((one) => one.role === role && one.platform === platform) ?? {}
    return openGatewayClient({ url, client: id, secret }, new AbortController().signal)
  }
  return {
    platforms: [...new Set(clients.flatMap(({ platform }) => platform ?? []))].sort(),
    counts: () => readReceiverCounts(receiver.url, receiver.token),
    async push(key: string, count: number, seed: number) {
      const carik = as('platform', 'carik-jakarta')
      const { batch } = await carik.push('carik', key, carikPayload(count, seed))
      const settled = await carik.settled(batch.id)
      await carik.close()
      return settled.counts
    },
    async gap() {
      const ops = as('ops')
      const { gap } = await ops.get<{ gap: number }>('/v1/conservation')
      await ops.close()
      return gap
    },
    async stop() {
      run.child.kill('SIGINT')
      expect(await run.ended).toBe(0)
    },
  }
}

it('takes back at the receiver what a restored copy does not know, so that nothing stands there twice when it is pushed again', {
  timeout: MINUTES,
}, async () => {
  await using data = await dataFolder()
  await using kept = await temporaryFolder()
  const backup = join(kept.path, 'hour-ago')
  const before = await up(data.path)
  expect(await before.push('one', 12, 1)).toMatchObject({ new: 12 })
  const [said] = await command('backup', backup, '--data', data.path)
  expect(said).toMatch(/^\d+ rows of \d+ tables, as of .* in .*hour-ago$/)
  const known = (await before.counts()).subjects
  const others = before.platforms.filter((name) => name > 'carik-jakarta')
  expect(await before.push('two', 20, 1)).toMatchObject({ new: 8, unchanged: 12 })
  const whole = (await before.counts()).subjects
  await before.stop()

  expect(await command('restore', backup, '--data', data.path)).toEqual([
    expect.stringMatching(/^the backup of .* is whole/),
    expect.stringMatching(/ rows put back; the database as it was is kept under the name titian_before_\d{14}$/),
    expect.stringMatching(/^the audit log is whole: \d+ rows$/),
    expect.stringMatching(/^the feed of deliveries began anew/),
    expect.stringMatching(/^restored .* UTC; the copy goes up to delivery dlv_/),
    expect.stringMatching(/^BPS is yet to be asked what it took beyond that/),
    expect.stringMatching(/is to be pushed again:$/),
    expect.stringMatching(/platform +last batch known +came +pushed since +told by$/),
    expect.stringMatching(/carik-jakarta +bat_\w+ +.* UTC +0 +nobody yet: write to them$/),
    ...others.map((name) => expect.stringMatching(RegExp(`${name} +none is known: everything +- `))),
  ])
  const after = await up(data.path)
  const report = async () => {
    const [line = 'null'] = await command('restore', '--report', '--json', '--data', data.path).catch(() => [])
    return JSON.parse(line) as { asked: boolean; withdrawn: number; platforms: { pushed_since: number }[] } | null
  }
  await until(async () => (await report())?.asked === true, 60)
  // 8 families and their members, whom the copy does not know.
  expect((await report())?.withdrawn).toBe(sumOf(whole) - sumOf(known))
  await until(async () => JSON.stringify((await after.counts()).subjects) === JSON.stringify(known), 60)
  // The copy has forgotten the key: what was pushed under it is new once more.
  expect(await after.push('two', 20, 1)).toMatchObject({ new: 8, unchanged: 12 })
  const counts = await after.counts()
  expect([counts.subjects, counts.persons.dangling, await after.gap()]).toEqual([whole, 0, 0])
  expect((await report())?.platforms.map(({ pushed_since }) => pushed_since)).toContain(1)
  expect(await command('audit', 'verify', '--data', data.path)).toEqual([expect.stringMatching(/^\d+ rows, whole/)])
  await after.stop()
})

it('goes on with another server where the first one is gone: nothing is lost or doubled, and the audit log is whole', {
  timeout: MINUTES,
}, async () => {
  await using kept = await temporaryFolder()
  // Before the system, whose processes end first.
  await using bare = await bareDatabase()
  await using system = await startSystem()
  const backup = join(kept.path, 'nightly')
  const parts = [await system.start('serve'), await system.start('receiver'), await system.start('work')]
  const first = system.as('carik-jakarta')
  const { batch } = await first.push('carik', 'once', carikPayload(30))
  await first.settled(batch.id)
  await first.close()
  const { url, token } = system.receiver
  const before = await readReceiverCounts(url, token)
  // The database server of the tests is the first one; the second is a database of it that nobody has touched.
  const env = { DATABASE_OWNER_URL: besideOf(bare.ownerUrl, system.database), KEYS_FILE: system.keys }
  expect((await titian(['backup', backup, '--keys', join(kept.path, 'keys')], env)).code).toBe(0)
  for (const part of [parts[0], parts[2]]) if (part !== undefined) await system.kill(part)

  const onOther = { DATABASE_URL: bare.url, DATABASE_OWNER_URL: bare.ownerUrl, KEYS_FILE: system.keys }
  expect(await titian(['restore', backup, '--data', kept.path], onOther)).toMatchObject({ code: 0 })
  await system.start('serve', onOther)
  await system.start('work', onOther)
  const again = system.as('carik-jakarta')
  // The copy knows the key, and the batch that came under it.
  expect((await again.push('carik', 'once', carikPayload(30))).batch).toMatchObject({ id: batch.id, state: 'settled' })
  const more = await again.push('carik', 'more', carikPayload(40))
  expect((await again.settled(more.batch.id)).counts).toMatchObject({ new: 10, unchanged: 30 })
  await again.close()
  const ops = system.as('ops')
  expect(await ops.get('/v1/conservation')).toMatchObject({ gap: 0, open: 0 })
  await ops.close()
  const after = await readReceiverCounts(url, token)
  expect(after.subjects.keluarga).toBe(before.subjects.keluarga + 10)
  expect(after.repeats).toBe(before.repeats)
  const pool = openPool(bare.url, 1)
  expect((await verifyAudit(pool)).fault).toBeUndefined()
  await pool.end()
})

/** The address of another database of the same server. */
function besideOf(url: string, database: string): string {
  const beside = new URL(url)
  beside.pathname = `/${database}`
  return beside.href
}
