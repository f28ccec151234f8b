import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openGatewayClient } from '../../src/cli/client/push.client.ts'
import { readReceiverCounts } from '../../src/cli/demo/receiver-counts.client.ts'
import type { LocalInstallation } from '../../src/cli/run/demo-clients.ts'
import { freePort } from '../../src/io/local/port.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { dataFolder, runTitian } from '../support/titian.ts'
import { carikPayload } from './families.ts'

it('comes back to a moment between two pushes by a base backup and archived WAL, and is reconciled with a receiver that stayed', {
  timeout: 600_000,
}, async () => {
  await using stack = new AsyncDisposableStack()
  const kept = await mkdtemp(join(tmpdir(), 'titian-archive-'))
  stack.defer(() => rm(kept, { recursive: true, force: true }))
  await using data = await dataFolder()
  // Only its stand-in runs: it keeps what it took while the gateway goes back.
  await using system = await startSystem()
  const port = await freePort()
  await system.start('receiver', { RECEIVER_KEYS_URL: `http://127.0.0.1:${port}/.well-known/jwks.json` })
  const env = {
    WAL_ARCHIVE: join(kept, 'wal'),
    RECEIVER_URL: system.receiver.url,
    RECEIPTS: 'any',
  }
  const said = async (args: string[], code = 0) => {
    const run = runTitian([...args, '--data', data.path], env)
    expect([await run.ended, run.stderr()]).toEqual([code, expect.any(String)])
    return { out: run.stdout().trim().split('\n'), err: run.stderr().trim().split('\n') }
  }
  const up = async () => {
    const run = runTitian(['up', '--json', '--data', data.path, '--port', String(port), '--workers', '1'], env)
    await run.line
    const { url, clients } = JSON.parse(await readFile(join(data.path, 'clients.json'), 'utf8')) as LocalInstallation
    const as = (role: string, platform: string | null = null) => {
      const { id = '', secret = '' } = clients.find((one) => one.role === role && one.platform === platform) ?? {}
      return openGatewayClient({ url, client: id, secret }, new AbortController().signal)
    }
    const push = async (key: string, families: number) => {
      const carik = as('platform', 'carik-jakarta')
      const { batch } = await carik.push('carik', key, carikPayload(families))
      const { counts } = await carik.settled(batch.id)
      await carik.close()
      return counts
    }
    const gap = async () => {
      const ops = as('ops')
      const { gap } = await ops.get<{ gap: number }>('/v1/conservation')
      await ops.close()
      return gap
    }
    return { run, push, gap }
  }
  const atReceiver = () => readReceiverCounts(system.receiver.url, system.receiver.token)

  const before = await up()
  expect(await before.push('one', 5)).toMatchObject({ new: 5 })
  const backup = join(kept, 'base')
  const made = await said(['backup', backup, '--base'])
  expect(made.out).toEqual([expect.stringMatching(/^a base backup in .* leads to every moment from .* on$/)])
  expect(await before.push('two', 9)).toMatchObject({ new: 4, unchanged: 5 })
  const known = await atReceiver()
  const moment = new Date().toISOString()
  expect(await before.push('three', 15)).toMatchObject({ new: 6, unchanged: 9 })
  const whole = await atReceiver()
  // As a power cut would: what was not archived yet lies in the files alone.
  for (const pid of data.processes()) process.kill(pid, 'SIGKILL')
  await before.run.ended
  expect((await readdir(env.WAL_ARCHIVE)).filter((name) => name.endsWith('.gz')).length).toBeGreaterThan(0)

  expect((await said(['restore', backup, '--to', 'yesterday'], 1)).err).toEqual([expect.stringMatching(/is no moment/)])
  expect((await said(['restore', backup, '--to', '2026-01-01T00:00:00Z'], 1)).err).toEqual([
    expect.stringMatching(/lies before the base backup/),
  ])
  expect((await said(['restore', backup], 1)).err).toEqual([expect.stringMatching(/is a base backup: say with --to/)])
  const { out } = await said(['restore', backup, '--to', moment])
  expect(out.slice(0, 3)).toEqual([
    expect.stringMatching(/^the base backup of .* is whole/),
    expect.stringMatching(/^brought to .*; the files as they were are kept in .*postgres_before_\d{14}$/),
    expect.stringMatching(/^the audit log is whole/),
  ])
  expect(out.join('\n')).toMatch(/carik-jakarta +bat_/)

  const after = await up()
  const asked = async () => (await said(['restore', '--report', '--json']).catch(() => undefined))?.out[0]
  await until(async () => (await asked()) !== undefined, 60)
  expect(JSON.parse((await asked()) ?? 'null')).toMatchObject({ asked: true, offered: true })
  await until(async () => JSON.stringify((await atReceiver()).subjects) === JSON.stringify(known.subjects), 60)
  expect(await after.push('two', 9)).toMatchObject({ new: 4, unchanged: 5 })
  expect(await after.push('three', 15)).toMatchObject({ new: 6, unchanged: 9 })
  const counts = await atReceiver()
  expect([counts.subjects, counts.persons.dangling, await after.gap()]).toEqual([whole.subjects, 0, 0])
  expect((await said(['audit', 'verify'])).out).toEqual([expect.stringMatching(/^\d+ rows, whole/)])
  after.run.child.kill('SIGINT')
  expect(await after.run.ended).toBe(0)
})
