import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openGatewayClient } from '../../src/cli/client/push.client.ts'
import { judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import {
  isSynchronous,
  PROGRAMS,
  primaryOf,
  redisMaster,
  startFronts,
  startPatroni,
  startRedisPair,
  startWitnesses,
} from './engines.ts'
import { openLoad } from './load.ts'
import { type Host, openNetwork, withoutNamespaces } from './network.ts'
import { GATEWAYS, startTitian, WORKERS } from './titian.ts'

const missing = PROGRAMS.filter((program) => !isThere(program))
const reason = missing.length > 0 ? `${missing.join(', ')} missing` : withoutNamespaces()
// CI sets it: what is missing fails there.
const isSkipped = reason !== undefined && process.env.TITIAN_NO_SKIP !== '1'

const HOSTS = ['front1', 'front2', ...GATEWAYS, ...WORKERS, 'etcd1', 'etcd2', 'etcd3', 'redis1', 'redis2', 'pg1', 'pg2']
// For a shorter run while you look for something: CLUSTER_HOSTS=redis,pg CLUSTER_HURTS=killed.
const CHOSEN = process.env.CLUSTER_HOSTS?.split(',')
const HURTS = (['killed', 'cut off'] as const).filter((how) => (process.env.CLUSTER_HURTS ?? how).includes(how))
/** Seconds until everything that was under way and a batch that was pushed after it is settled: what we aim at. */
const AIMS = { front: 5, gateway: 5, worker: 5, etcd: 5, redis: 15, pg: 30 } as const
const MOST_SECONDS = 90

describe.skipIf(isSkipped)(`a Titian over ${HOSTS.length} hosts${isSkipped ? ` (skipped: ${reason})` : ''}`, () => {
  it('settles everything once, whichever host is killed or cut off', async () => {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'titian-cluster-'))
    await chmod(folder, 0o755)
    stack.defer(() => (process.env.TITIAN_KEEP ? undefined : rm(folder, { recursive: true, force: true })))
    const network = stack.use(await openNetwork(HOSTS, folder))
    const begun = performance.now()
    await startWitnesses(network, folder)
    await startRedisPair(network, folder)
    await startPatroni(network, folder)
    await until(async () => (await redisMaster(network))?.hasReplica === true, 30)
    await startFronts(network, folder)
    const titian = stack.use(await startTitian(network, folder))
    say(`up after ${seconds(begun)} s`)

    const load = openLoad(['front1', 'front2'].map((name) => titian.credentials('carik-jakarta', name)))
    stack.defer(() => load.close())
    for (let batch = 0; batch < 6; batch++) await load.push()
    await load.settled(performance.now(), MOST_SECONDS)
    const spread = await titian.chunksByWorker()
    say(`chunks by worker: ${JSON.stringify(spread)}`)
    expect(Math.min(...Object.values(spread))).toBeGreaterThan(0)

    const from = performance.now()
    for (let batch = 0; batch < 3; batch++) await load.push()
    say(`undisturbed: ${(await load.settled(from, MOST_SECONDS)).toFixed(1)} s`)

    const late: string[] = []
    const hurt = async (host: Host, how: 'killed' | 'cut off', back: () => Promise<unknown>) => {
      if (CHOSEN?.some((kind) => host.name.startsWith(kind)) === false) return
      for (let batch = 0; batch < 2; batch++) await load.push()
      const from = performance.now()
      await (how === 'killed' ? host.kill() : host.cutOff())
      await load.push()
      const took = await load.settled(from, MOST_SECONDS)
      await (how === 'killed' ? host.boot() : host.plugIn())
      const aim = AIMS[host.name.replace(/\d$/, '') as keyof typeof AIMS]
      say(`${host.name} ${how}: ${took.toFixed(1)} s (aim ${aim} s)`)
      if (took > aim) late.push(`${host.name} ${how}: ${took.toFixed(1)} s`)
      await back()
    }
    const gatewayIsBack = (host: Host) => until(() => titian.isReady(host.name), 30)
    for (const how of HURTS) {
      for (const name of ['front1', 'front2', 'etcd1', 'etcd2', 'etcd3'])
        await hurt(network.host(name), how, () => delay(0))
      for (const name of GATEWAYS) await hurt(network.host(name), how, () => gatewayIsBack(network.host(name)))
      for (const name of WORKERS) {
        const before = await titian.starts(name)
        const isBack = async () => how === 'cut off' || (await titian.starts(name)) > before
        await hurt(network.host(name), how, () => until(isBack, 60))
      }
      // Twice the one that leads at the moment: so each of the two is hurt once.
      for (let time = 0; time < 2; time++) {
        const master = await redisMaster(network)
        await hurt(network.host(master?.name ?? ''), how, () =>
          until(async () => (await redisMaster(network))?.hasReplica === true, 60),
        )
      }
      for (let time = 0; time < 2; time++) {
        const primary = await primaryOf(network)
        await hurt(network.host(primary ?? ''), how, () => until(() => isSynchronous(network), 90))
      }
    }
    say(`chunks by worker: ${JSON.stringify(await titian.chunksByWorker())}`)
    const verdict = await judge(
      {
        receiver: titian.receiver,
        as: (who) => openGatewayClient(titian.credentials(who, 'front1'), new AbortController().signal),
      },
      load.acknowledged,
    )
    say(`${load.acknowledged.size} batches: ${JSON.stringify(verdict)}`)
    if (late.length > 0) say(`later than aimed at: ${late.join('; ')}`)
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, unexpected: 0, gap: 0 })
  }, 900_000)
})

const say = (line: string) => void process.stdout.write(`cluster: ${line}\n`)
const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(1)

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
