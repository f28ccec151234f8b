import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findCredentials } from '../../src/cli/client/credentials.ts'
import { openGatewayClient } from '../../src/cli/client/push.client.ts'
import { freePort } from '../../src/io/local/port.ts'
import { until } from '../support/running.ts'
import { describeWithMounts, smallDisk } from '../support/small-disk.ts'
import { dataFolder, runTitian } from '../support/titian.ts'
import { carikPayload } from './families.ts'

const LONG = 600_000

async function isWell(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function up(data: string) {
  const port = String(await freePort())
  const run = runTitian(['up', '--json', '--data', data, '--port', port, '--workers', '1'])
  const { url, processes } = JSON.parse(await run.line) as { url: string; processes: Record<string, number> }
  const credentials = await findCredentials({}, data, { platform: 'carik-jakarta' })
  const gateway = openGatewayClient(credentials, AbortSignal.timeout(LONG))
  const push = async (families: number, seed = 1) =>
    (await gateway.push('carik', randomUUID(), carikPayload(families, seed))).batch
  return {
    url,
    processes,
    push,
    /** Whether a small batch finds no room; one that finds some is taken as any other. */
    async refuses(): Promise<boolean> {
      const basic = Buffer.from(`${credentials.client}:${credentials.secret}`).toString('base64')
      const form = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' }
      const asked = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        headers: form,
        body: 'grant_type=client_credentials',
      })
      if (!asked.ok) return asked.status >= 500
      const { access_token } = (await asked.json()) as { access_token: string }
      const headers = {
        authorization: `Bearer ${access_token}`,
        'content-type': 'application/x-ndjson',
        'idempotency-key': randomUUID(),
      }
      const { status } = await fetch(`${url}/v1/datasets/carik/batches`, { method: 'POST', headers, body: '{}\n' })
      return status >= 500
    },
    settled: (batch: string) => gateway.settled(batch),
    isRunning: () => run.child.exitCode === null && run.child.signalCode === null,
    async stop() {
      await gateway.close()
      run.child.kill('SIGTERM')
      return [await run.ended, run.stderr()] as const
    },
  }
}

describeWithMounts('titian up on a disk that is full', () => {
  it('goes on without its logs when only they have no room', { timeout: LONG }, async () => {
    await using data = await dataFolder()
    await using disk = smallDisk(1, join(data.path, 'log'))
    const titian = await up(data.path)
    await disk.fill()
    // What a child says meets the full log, by its parent's hand: this signal makes Node say where its inspector listens.
    process.kill(titian.processes['worker-1'] as number, 'SIGUSR1')
    expect(await titian.settled((await titian.push(50)).id)).toMatchObject({ state: 'settled', gap: 0 })
    // A child's last words meet the full log, and those of the one that takes its place.
    process.kill(titian.processes['worker-1'] as number, 'SIGKILL')
    process.kill(titian.processes.gateway as number, 'SIGKILL')
    await until(async () => !(await isWell(titian.url)))
    await until(() => isWell(titian.url), 60)
    expect(await titian.settled((await titian.push(50, 2)).id)).toMatchObject({ state: 'settled', gap: 0 })
    expect(titian.isRunning()).toBe(true)
    await disk.free()
    expect((await titian.stop())[0]).toBe(0)
    expect(data.processes()).toEqual([])
  })

  it('waits for room for its database, and goes on by itself when there is some', { timeout: LONG }, async () => {
    await using disk = smallDisk(300)
    const titian = await up(disk.path)
    const before = await titian.push(50)
    await titian.settled(before.id)
    await disk.fill()
    // The client tries again for two minutes: what it sends now is taken when there is room.
    const during = titian.push(3000, 2)
    process.kill(titian.processes['worker-1'] as number, 'SIGKILL')
    await until(titian.refuses, 60)
    expect(titian.isRunning()).toBe(true)
    await disk.free()
    expect(await titian.settled((await during).id)).toMatchObject({ state: 'settled', gap: 0 })
    expect(titian.isRunning()).toBe(true)
    const [code, said] = await titian.stop()
    expect([code, said.includes('at ')]).toEqual([0, false])
  })

  it('says in one sentence that it cannot start on a folder that is read-only or has no room', {
    timeout: LONG,
  }, async () => {
    await using disk = smallDisk(2)
    await disk.fill()
    const run = runTitian(['up', '--data', disk.path, '--port', String(await freePort())])
    expect([await run.ended, run.stderr()]).toEqual([
      1,
      expect.stringMatching(/^titian: the data folder .* the disk is full\n$/m),
    ])
    await disk.free()
    execFileSync('mount', ['-o', 'remount,ro', disk.path])
    const closed = runTitian(['up', '--data', disk.path, '--port', String(await freePort())])
    expect([await closed.ended, closed.stderr()]).toEqual([1, expect.stringMatching(/^titian: the data folder .*\n$/m)])
  })
})
