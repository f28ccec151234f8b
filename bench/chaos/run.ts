import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findCredentials } from '../../src/cli/client/credentials.ts'
import { numbersFrom } from '../families.ts'
import { sources } from './bodies.ts'
import { FAULTS, type Planned, plan } from './plan.ts'
import { signal as tell } from './processes.ts'
import { type Journal, sendFrom } from './sender.ts'
import { isClean, judgeRun, unsettled, type Verdict } from './verdict.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

type ChaosOptions = WorldOptions & {
  seed: number
  faults: number
  /** How long everything may take to settle after the last fault. */
  settleSeconds: number
  /** Breaks the run off. */
  signal: AbortSignal
}

type ChaosReport = Verdict & {
  seed: number
  faults: number
  /** Seconds from the end of the last fault until the gateway is ready, and until all is answered and settled. */
  ready_s: number
  settled_s: number
  /** Exit code of `titian up` when it was told to end. */
  up_exit: number | null
  /** Processes that were still there after that. */
  leftover: number
  clean: boolean
}

/** Pushes, hurts, waits, judges, and takes everything away again; what a run that is not clean leaves is kept for those who look into it. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, faults, say } = options
  await using world = await startWorld(options)
  const found = await hurtAndJudge(world, options)
  const { code, leftover } = await world.stop()
  for (const { pid, args } of leftover) {
    say(`left over: ${pid} ${args.join(' ').slice(0, 120)}`)
    tell(pid, 'SIGKILL')
  }
  const clean = isClean(found) && code === 0 && leftover.length === 0
  if (!clean) say(`journal and logs are in ${await keepEvidence(world)}`)
  return { seed, faults, ...found, up_exit: code, leftover: leftover.length, clean }
}

type Found = Verdict & Pick<ChaosReport, 'ready_s' | 'settled_s'>

async function hurtAndJudge(world: World, { seed, faults, settleSeconds, signal, say }: ChaosOptions): Promise<Found> {
  const journal: Journal = { attempted: 0, acknowledged: [], astray: [], file: join(world.folder, 'sent.ndjson') }
  const [ending, giveUp] = [new AbortController(), new AbortController()]
  const sending = sources().map(async (source, index) => {
    const credentials = await findCredentials({}, world.data, { platform: source.platform })
    const sender = { name: `${source.platform}-${index}`, credentials, below: numbersFrom(seed * 100 + index) }
    await sendFrom(source, sender, journal, { ending: ending.signal, giveUp: giveUp.signal })
  })
  try {
    await strikeAll(world, plan(seed, faults, kindsFor(world, say)), say, signal)
    const since = performance.now()
    const seconds = () => Number(((performance.now() - since) / 1000).toFixed(1))
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(settleSeconds * 1000)])
    deadline.addEventListener('abort', () => giveUp.abort())
    ending.abort()
    say(`the last fault is over; everything has ${settleSeconds} s to settle`)
    const ready_s = await readyAgain(world, deadline).then(seconds)
    await Promise.all(sending)
    const open = await unsettled(journal, world, deadline)
    const settled_s = seconds()
    for (const batch of open) say(`not settled: ${batch}`)
    for (const line of journal.astray) say(line)
    return { ...(await judgeRun(journal, open, world)), ready_s, settled_s }
  } finally {
    ending.abort()
    giveUp.abort()
    await Promise.allSettled(sending)
  }
}

/** The kinds that can be had here; the others are named, lest a run look harder than it was. */
function kindsFor(world: World, say: (line: string) => void) {
  const possible = FAULTS.filter(({ isPossible }) => isPossible?.(world) ?? true)
  const others = FAULTS.filter((kind) => !possible.includes(kind)).map(({ name }) => name)
  if (others.length > 0) say(`left out: ${others.join(', ')}`)
  return possible
}

/** Faults that last go on while the next ones strike; two of a kind come one after the other. */
async function strikeAll(world: World, planned: readonly Planned[], say: (line: string) => void, signal: AbortSignal) {
  const lasting = new Map<string, Promise<void>>()
  const start = performance.now()
  for (const [index, { fault, pauseMs, seed }] of planned.entries()) {
    await wait(pauseMs, undefined, { signal })
    await lasting.get(fault.name)
    const at = ((performance.now() - start) / 1000).toFixed(1)
    const told = (what: string) => say(`${at} s  ${index + 1}  ${fault.name}: ${what}`)
    const struck = fault.strike(world, numbersFrom(seed), told)
    // Awaited below; until then a failure is nobody's.
    struck.catch(() => undefined)
    lasting.set(fault.name, struck)
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

async function keepEvidence({ folder, data, disks }: World): Promise<string> {
  const kept = await mkdtemp(join(tmpdir(), 'titian-chaos-kept-'))
  const found = { 'sent.ndjson': folder, titian: join(data, 'log'), database: join(disks.database.path, 'log') }
  for (const [name, path] of Object.entries(found)) {
    const from = name.includes('.') ? join(path, name) : path
    // What broke early has written less.
    await cp(from, join(kept, name), { recursive: true }).catch(() => undefined)
  }
  return kept
}
