import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DemoReport } from '../../../src/cli/demo/demo-report.ts'
import { freePort } from '../../../src/io/local/port.ts'
import { until } from '../../support/running.ts'
import { dataFolder, runTitian } from '../../support/titian.ts'

const LONG = 300_000

type Ready = { url: string; docs: string; receiver: string; processes: Record<string, number> }

async function isWell(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** What a process was told of its share of the chunks, by its environment. */
async function settingsOf({ processes }: Ready, name: string): Promise<Record<string, string>> {
  const environment = (await readFile(`/proc/${processes[name]}/environ`, 'utf8')).split('\0')
  const settings = environment.filter((one) => /^(LANES|CONCURRENCY)=/.test(one)).map((one) => one.split('='))
  return Object.fromEntries(settings)
}

/** The command line of a process; none of one that has ended. */
async function commandOf(pid: number): Promise<string[]> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return line.split('\0').filter((word) => word !== '')
}

async function start(data: string, port: number, env: Record<string, string> = {}, workers = 1) {
  const run = runTitian(['up', '--json', '--data', data, '--port', String(port), '--workers', String(workers)], env)
  return { run, ready: JSON.parse(await run.line) as Ready }
}

describe('titian up', () => {
  it(
    'says where everything is, refuses a second one, and ends everything when told to',
    async () => {
      await using data = await dataFolder()
      const [port, receiverPort] = [await freePort(), await freePort()]
      const { run, ready } = await start(data.path, port, { RECEIVER_PORT: String(receiverPort) })
      expect(ready).toMatchObject({ url: `http://127.0.0.1:${port}`, docs: `http://127.0.0.1:${port}/docs` })
      expect(ready.receiver).toBe(`http://127.0.0.1:${receiverPort}`)
      expect([await isWell(ready.url), (await fetch(ready.docs)).status]).toEqual([true, 200])

      const second = runTitian(['up', '--data', data.path, '--port', String(await freePort())])
      expect([await second.ended, second.stderr()]).toEqual([
        1,
        expect.stringMatching(/^titian: another titian runs on .*\(process \d+ on .*\n$/),
      ])

      run.child.kill('SIGINT')
      expect(await run.ended).toBe(0)
      expect(data.processes()).toEqual([])
    },
    LONG,
  )

  it(
    'starts again what was killed, and leaves nothing behind when it is killed itself',
    async () => {
      await using data = await dataFolder()
      const port = await freePort()
      const { run, ready } = await start(data.path, port, {}, 2)
      // What is short is left to the worker that takes nothing else, and finds room there beside what burns its time.
      for (const name of ['worker-1', 'worker-2']) expect(await settingsOf(ready, name)).toEqual({ LANES: 'usual' })
      expect(await settingsOf(ready, 'worker-short')).toEqual({ LANES: 'short', CONCURRENCY: '4' })
      for (const victim of ['gateway', 'worker-1', 'worker-short', 'receiver'])
        process.kill(ready.processes[victim] as number, 'SIGKILL')
      await until(async () => !(await isWell(ready.url)))
      await until(() => isWell(ready.url), 60)
      expect(run.stderr()).toContain('gateway: ended by itself')

      run.child.kill('SIGKILL')
      await run.ended
      await until(() => data.processes().length === 0, 60)

      const again = await start(data.path, port)
      expect(await isWell(again.ready.url)).toBe(true)
      again.run.child.kill('SIGTERM')
      expect([await again.run.ended, data.processes()]).toEqual([0, []])
    },
    LONG,
  )

  it(
    'leaves nothing behind when one of its processes is killed while it starts',
    async () => {
      await using data = await dataFolder()
      const run = runTitian(['up', '--data', data.path, '--port', String(await freePort()), '--workers', '1'])
      let starting: number | undefined
      await until(async () => {
        for (const pid of data.processes()) if ((await commandOf(pid)).at(-1) === 'work') starting = pid
        return starting !== undefined
      }, 60)
      process.kill(starting as number, 'SIGKILL')
      expect([await run.ended, run.stderr()]).toEqual([1, expect.stringContaining('work did not start')])
      expect(data.processes()).toEqual([])
    },
    LONG,
  )

  it('says in one line that its port is taken', async () => {
    await using data = await dataFolder()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = (other.address() as { port: number }).port
    const run = runTitian(['up', '--data', data.path, '--port', String(port)])
    expect([await run.ended, run.stderr()]).toEqual([
      1,
      `titian: port ${port} is taken: choose another with --port, or PORT\n`,
    ])
    other.close()
  })

  it(
    'says in one line that there is no redis-server',
    async () => {
      await using data = await dataFolder()
      const run = runTitian(['up', '--queue', 'redis', '--data', data.path, '--port', String(await freePort())], {
        PATH: data.path,
      })
      expect([await run.ended, run.stderr()]).toEqual([
        1,
        expect.stringMatching(/^titian: there is no redis-server.*\n$/),
      ])
    },
    LONG,
  )
})

describe('titian demo', () => {
  it(
    'accounts for every record, and finds everything unchanged the second time',
    async () => {
      await using data = await dataFolder()
      const samples = join(data.path, 'samples')
      await mkdir(join(samples, 'sumedang'), { recursive: true })
      await writeFile(join(samples, 'sumedang', 'dtks-rumah-tangga.csv'), await smallSample())
      const report = join(data.path, 'report.json')
      const demo = async () => {
        const options = ['--data', data.path, '--samples', samples, '--json', report, '--workers', '1']
        const run = runTitian(['demo', '--port', String(await freePort()), ...options])
        expect([await run.ended, run.stderr()]).toEqual([0, expect.any(String)])
        expect(run.stdout()).toContain('Conservation gap 0')
        return JSON.parse(await readFile(report, 'utf8')) as DemoReport
      }
      const first = await demo()
      expect(first).toMatchObject({ ok: true, conservation: { gap: 0 } })
      expect(first.totals.new).toBeGreaterThan(20)
      const second = await demo()
      expect(second.totals).toMatchObject({
        new: 0,
        updated: 0,
        rejected: first.totals.rejected,
        held: first.totals.held,
      })
      expect([second.ok, second.deliveries.own.made, second.receiver]).toEqual([true, 0, first.receiver])
      expect(data.processes()).toEqual([])
    },
    LONG,
  )
})

async function smallSample(): Promise<string> {
  const file = join(import.meta.dirname, '..', '..', 'samples', 'sumedang', 'dtks-rumah-tangga.csv')
  return `${(await readFile(file, 'utf8')).split('\n').slice(0, 41).join('\n')}\n`
}
