import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { TitianError } from '../domain/error.ts'
import { CALLING, CHUNK, CHUNK_STATE_TABLE, type ChunkState, LANES, type Lane, STAGE } from '../domain/states.ts'
import type { Crash } from '../io/observe/crash.ts'
import type { Log } from '../io/observe/log.ts'
import type { Metrics } from '../io/observe/metrics.ts'
import { isOutage } from '../io/observe/outage.ts'
import { inTrace } from '../io/observe/trace.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import type { Dispatch, Listener, Queue } from '../io/queue.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { readIndexKey } from '../trust/reindex/gate.sql.ts'
import { answerCanary } from './canary/canary.db.ts'
import {
  advanceChunk,
  claimChunk,
  fenceChunk,
  forgiveClaim,
  postponeChunk,
  renewLease,
  settleBatch,
} from './chunk.sql.ts'
import { dispatchDue } from './dispatch.db.ts'
import { SHORT_ENTRIES, type Shares } from './share/fair-share.ts'
import type { ClaimedChunk, Stage } from './stage.ts'
import { workStrict } from './strict/strict.db.ts'
import { keepListening } from './watch-listener.ts'

export type RunnerDeps = {
  db: pg.Pool
  vault: Pick<Vault, 'open' | 'index' | 'useIndexKey'>
  queue: Queue
  log: Log
  metrics: Metrics
  crash: Crash
  config: {
    LEASE_SECONDS: number
    DISPATCH_SECONDS: number
    WINDOW: number
    POISON_CLAIMS: number
    CONCURRENCY: number
    LANES: Lane | 'both'
  }
  /** Weights of platforms; without, all have 1. */
  weights?: ReadonlyMap<string, number>
  /** Platforms of which no agreement is in force. */
  withoutAgreement?: () => readonly string[]
  /** Cuts a chunk that keeps killing its worker, inside the fenced transaction; false: try it once more. */
  bisect(tx: pg.PoolClient, chunk: ClaimedChunk): Promise<boolean>
  /** Parts a chunk from the entry that got stuck, or holds that entry; false when it is to be tried once more. */
  isolate(tx: pg.PoolClient, chunk: ClaimedChunk, line: number): Promise<boolean>
}

/** What became of one dispatch. */
export type Answer = 'done' | 'later' | 'failed' | 'stale' | 'bisected' | 'isolated'

// How long a chunk waits for the others of a strict batch.
const LATER_SECONDS = 1
// How long a chunk waits while the index key rotates.
const MOVING_SECONDS = 2
// How long a lone entry that got stuck waits for its next try.
const STUCK_SECONDS = 1

// For so long a worker tries to say that a claim did not count; a database that is away for longer is nobody's fault either.
const FORGIVE_MS = 600_000

/** Thrown inside the commit of a worker that has lost its chunk, or whose index key works no more, to roll back; nothing is wrong. */
class TakenOver extends Error {}

/** Answers the dispatches of one stage, in each lane that this process takes so many at a time, until its listeners are closed. */
export function runStage(stage: Stage, deps: RunnerDeps): Listener[] {
  const { db, log, metrics, queue, config } = deps
  const inHand = (lane: Lane, work: Promise<unknown>) => {
    const end = metrics.progress.begin(`${stage.name} ${lane}`)
    return work.then(end, end)
  }
  const answer = (lane: Lane) => (dispatch: Dispatch) => {
    const handled = handleDispatch(stage, dispatch, deps).catch((error: unknown) => {
      // The sweeper finds the chunk when its lease has run out.
      log.error({ stage: stage.name, chunk: dispatch.chunk, err: error }, 'dispatch not handled')
    })
    return inHand(lane, handled)
  }
  // Half of DISPATCH_SECONDS: a deaf listener is noticed before the sweeper takes its dispatches for lost.
  const seconds = config.DISPATCH_SECONDS / 2
  const answerMarker = (lane: Lane) => (round: number) => {
    const answered = answerCanary(db, stage, { round, lane }).catch((error: unknown) => {
      log.error({ stage: stage.name, lane, err: error }, 'marker not answered')
    })
    return inHand(lane, answered)
  }
  const lanes = LANES.filter((lane) => config.LANES === 'both' || config.LANES === lane)
  return lanes.map((lane) =>
    keepListening(stage, { db, log, seconds, mostEntries: lane === 'short' ? SHORT_ENTRIES : null }, () =>
      queue.work(stage.name, config.CONCURRENCY, answer(lane), lane, answerMarker(lane)),
    ),
  )
}

/** Claims the chunk, works it, commits behind the fence and dispatches what is due next. */
export async function handleDispatch(stage: Stage, dispatch: Dispatch, deps: RunnerDeps): Promise<Answer> {
  const started = performance.now()
  const chunk = await claimChunk(deps.db, dispatch, stage.from, deps.config.LEASE_SECONDS)
  if (chunk === undefined) {
    deps.metrics.staleEpochs.inc({ stage: stage.name, moment: 'dispatch' })
    return 'stale'
  }
  deps.crash(`${stage.name}:claimed`)
  const { id, batch, platform, dataset, entries } = chunk
  const named = { chunk: id, batch, platform, dataset, entries }
  const { answer, code } = await inTrace(chunk.trace, `chunk ${stage.name}`, attributesOf(named), async (span) => {
    const result = await work(stage, chunk, deps)
    span.setAttribute('titian.answer', result.answer)
    return result
  })
  const seconds = (performance.now() - started) / 1000
  deps.metrics.chunkSeconds.observe({ stage: stage.name, result: answer }, seconds)
  deps.log[answer === 'failed' ? 'warn' : 'info']({
    stage: stage.name,
    ...named,
    attempts: chunk.attempts,
    answer,
    code,
    ms: Math.round(seconds * 1000),
  })
  deps.crash(`${stage.name}:before-dispatch`)
  deps.metrics.dispatched.inc(await dispatchDue(deps.db, deps.queue, { ...sharesOf(deps), platform: chunk.platform }))
  return answer
}

function attributesOf(named: Record<string, string | number>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`titian.${name}`, value]))
}

function sharesOf({ config, weights, withoutAgreement }: RunnerDeps): Shares {
  return { window: config.WINDOW, ...(weights && { weights }), ...(withoutAgreement && { withoutAgreement }) }
}

async function work(stage: Stage, chunk: ClaimedChunk, deps: RunnerDeps): Promise<{ answer: Answer; code?: string }> {
  const { db, config, crash } = deps
  const lease = keepLease(db, chunk, config.LEASE_SECONDS)
  try {
    // It was dispatched before the agreement ended: what was received waits, and goes on under a new one.
    if (chunk.kind === 'push' && deps.withoutAgreement?.().includes(chunk.platform)) {
      await postponeChunk(db, chunk, LATER_SECONDS, chunk.attempts - 1)
      return { answer: 'later' }
    }
    if (!CALLING.includes(stage.from)) {
      const { version, movingTo } = await readIndexKey(db)
      if (movingTo !== null) {
        await postponeChunk(db, chunk, MOVING_SECONDS, chunk.attempts - 1)
        return { answer: 'later' }
      }
      deps.vault.useIndexKey(version)
      chunk.indexKey = version
    }
    // Once the outcomes are known, no stage reads the entries any more: they cannot kill a worker.
    const poisonous = chunk.attempts > config.POISON_CLAIMS && CHUNK_STATE_TABLE[stage.from].entries === 'pending'
    if (poisonous && (await cut(chunk, deps, deps.bisect))) return { answer: 'bisected' }
    if (chunk.isStrict && stage.from === STAGE.link.from) return { answer: await together(stage, chunk, deps, lease) }
    const result = await stage.run(chunk, lease.signal)
    lease.stop()
    if (result.is === 'later') {
      await postponeChunk(db, chunk, result.seconds, chunk.attempts - 1)
      return { answer: 'later' }
    }
    if (result.is === 'stuck') {
      const done = await cut(chunk, deps, (tx) => deps.isolate(tx, chunk, result.line))
      if (!done) await postponeChunk(db, chunk, STUCK_SECONDS, chunk.attempts)
      return { answer: 'isolated' }
    }
    crash(`${stage.name}:worked`)
    await commit(stage, chunk, deps, result.save)
    crash(`${stage.name}:after-commit`)
    return { answer: 'done' }
  } catch (error) {
    if (error instanceof TakenOver || lease.signal.aborted) {
      deps.metrics.staleEpochs.inc({ stage: stage.name, moment: 'commit' })
      await giveUp(db, chunk)
      return { answer: 'stale' }
    }
    // What we depend on says nothing against the chunk; it may still be away now, and that claim is not counted either.
    if (isOutage(error)) await forgive(db, chunk)
    else await postponeChunk(db, chunk, backoff(chunk.attempts), chunk.attempts)
    return { answer: 'failed', code: codeOf(error) }
  } finally {
    lease.stop()
  }
}

/** Links all chunks of a strict batch at once, in the name of its first. */
async function together(stage: Stage, chunk: ClaimedChunk, deps: RunnerDeps, lease: Lease): Promise<Answer> {
  const answer = await workStrict(stage, chunk, deps, lease.signal)
  lease.stop()
  if (answer !== 'done') await giveUp(deps.db, chunk)
  return answer
}

/** Frees a chunk for the next try, without counting this one; one that was taken over is not ours to free, and stays as it is. */
function giveUp(db: pg.Pool, chunk: ClaimedChunk): Promise<void> {
  return postponeChunk(db, chunk, LATER_SECONDS, chunk.attempts - 1)
}

function commit(
  stage: Stage,
  chunk: ClaimedChunk,
  { db, crash }: RunnerDeps,
  save: (tx: pg.PoolClient) => Promise<ChunkState>,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    if (!(await fenceChunk(tx, chunk))) throw new TakenOver()
    const next = await save(tx)
    if (!CHUNK_STATE_TABLE[stage.from].becomes.includes(next))
      throw new Error(`${stage.name} makes a chunk ${next}, which the state table does not know`)
    await advanceChunk(tx, chunk, next)
    if (next === CHUNK.settled) await settleBatch(tx, chunk.batch)
    crash(`${stage.name}:before-commit`)
  })
}

/** Cuts a chunk in the fenced transaction; false when nothing was to be cut. */
function cut(chunk: ClaimedChunk, { db }: RunnerDeps, how: RunnerDeps['bisect']): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await fenceChunk(tx, chunk))) throw new TakenOver()
    const done = await how(tx, chunk)
    if (done) await settleBatch(tx, chunk.batch)
    return done
  })
}

type Lease = { signal: AbortSignal; stop(): void }

/** Prolongs the lease at every third of it; the signal is aborted when the chunk has been taken over. */
function keepLease(db: pg.Pool, chunk: ClaimedChunk, seconds: number): Lease {
  const lost = new AbortController()
  const timer = setInterval(
    () => {
      // A database that is away for a moment ends nothing: the fence decides at the commit.
      renewLease(db, chunk, seconds).then(
        (mine) => mine || lost.abort(),
        () => undefined,
      )
    },
    (seconds * 1000) / 3,
  )
  return { signal: lost.signal, stop: () => clearInterval(timer) }
}

/** Frees the chunk and takes its claim back, as soon as the database hears it; a claim of somebody else's stays. */
async function forgive(db: pg.Pool, chunk: ClaimedChunk): Promise<void> {
  for (const until = performance.now() + FORGIVE_MS; performance.now() < until; await delay(1000)) {
    const isHeard = await forgiveClaim(db, chunk, backoff(chunk.attempts)).then(
      () => true,
      () => false,
    )
    if (isHeard) return
  }
}

/** 1, 2, 4 … 60 seconds, a third of it random, so that many failures do not come back together. */
function backoff(attempts: number): number {
  return Math.min(60, 2 ** (attempts - 1)) * (2 / 3 + Math.random() / 3)
}

function codeOf(error: unknown): string {
  if (error instanceof TitianError) return error.code
  const { code, name } = error as { code?: string; name?: string }
  return code ?? name ?? 'unknown'
}
