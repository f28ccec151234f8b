import { setTimeout as wait } from 'node:timers/promises'
import { findCredentials } from '../../src/cli/client/credentials.ts'
import { numbersFrom } from '../families.ts'
import { sources } from './bodies.ts'
import { type Planned, plan } from './plan.ts'
import { type Listed, signal as send } from './processes.ts'
import { type Journal, sendFrom } from './sender.ts'
import { isClean, judgeRun, unsettled, type Verdict } from './verdict.ts'
import { type Queue, startWorld, type World } from './world.ts'

export type ChaosOptions = {
  seed: number
  faults: number
  queue: Queue
  workers: number
  /** How long everything may take to settle after the last fault. */
  settleSeconds: number
  say(line: string): void
}

export type ChaosReport = Verdict & {
  seed: number
  faults: number
  /** From the end of the last fault until the gateway is ready, and until all is answered and settled. */
  ready_s: number
  settled_s: number
  up_exit: number | null
  leftover: number
  clean: boolean
}

/** Pushes, hurts, waits, judges, and takes everything away again. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, faults, queue, say } = options
  const world = await startWorld(queue, options.workers)
  let left: Listed[] = []
  try {
    const judged = await hurtAndJudge(world, options)
    const upExit = await world.stop()
    // What `titian up` started ends with it; PostgreSQL is ours and ends below.
    const report = { seed, faults, ...judged, up_exit: upExit }
    await world[Symbol.asyncDispose]()
    left = world.leftover()
    for (const { pid, args } of left) say(`left over: ${pid} ${args.join(' ').slice(0, 120)}`)
    const clean = isClean(judged.verdict) && upExit === 0 && left.length === 0
    const { verdict, ...rest } = report
    return { ...rest, ...verdict, leftover: left.length, clean }
  } finally {
    await world[Symbol.asyncDispose]()
    for (const { pid } of left) send(pid, 'SIGKILL')
  }
}

async function hurtAndJudge(world: World, { seed, faults, queue, settleSeconds, say }: ChaosOptions) {
  const journal: Journal & { file: string } = {
    attempted: 0,
    acknowledged: [],
    astray: [],
    file: `${world.folder}/sent.ndjson`,
  }
  const [ending, giveUp] = [new AbortController(), new AbortController()]
  const sending = sources().map(async (source, index) => {
    const credentials = await findCredentials({}, world.data, { platform: source.platform })
    const sender = { name: `${source.platform}-${index}`, credentials, below: numbersFrom(seed * 100 + index) }
    await sendFrom(source, sender, journal, { ending: ending.signal, giveUp: giveUp.signal })
  })
  await strikeAll(world, plan(seed, faults, queue), say)
  const since = performance.now()
  const seconds = () => Number(((performance.now() - since) / 1000).toFixed(1))
  const deadline = AbortSignal.timeout(settleSeconds * 1000)
  deadline.addEventListener('abort', () => giveUp.abort())
  ending.abort()
  say(`the last fault is over; everything has ${settleSeconds} s to settle`)
  const ready = await readyAgain(world, deadline).then(seconds)
  await Promise.all(sending)
  const open = await unsettled(journal, world, deadline)
  const settled = seconds()
  for (const batch of open) say(`not settled: ${batch}`)
  for (const line of journal.astray) say(line)
  return { verdict: await judgeRun(journal, open, world), ready_s: ready, settled_s: settled }
}

/** Faults that last go on while the next ones strike; two of a kind come one after the other. */
async function strikeAll(world: World, planned: readonly Planned[], say: (line: string) => void): Promise<void> {
  const lasting = new Map<string, Promise<void>>()
  const start = performance.now()
  for (const [index, { fault, pauseMs, seed }] of planned.entries()) {
    await wait(pauseMs)
    await lasting.get(fault.name)
    const at = ((performance.now() - start) / 1000).toFixed(1)
    const tell = (what: string) => say(`${at} s  ${index + 1}  ${fault.name}: ${what}`)
    lasting.set(fault.name, fault.strike(world, numbersFrom(seed), tell))
  }
  await Promise.all(lasting.values())
}

async function readyAgain({ url }: World, deadline: AbortSignal): Promise<void> {
  while (!deadline.aborted) {
    const isReady = await fetch(`${url}/readyz`, { signal: deadline }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await wait(100)
  }
}
