import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import {
  assertSchemaCompatibility,
  Queue as BullQueue,
  createPostgresBackend,
  runMigrations,
  type Telemetry,
  Worker,
} from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import type { ClientBase, Pool } from 'pg'
import type { ChunkId } from '../domain/ids.ts'
import { LANES, type Lane, STAGES, type StageName } from '../domain/states.ts'
import { SteadyClient } from './postgres/postgres.ts'
import { sessionAddress } from './postgres/session.ts'
import { openProducer, openWaiting, type RedisAddress } from './redis.ts'
import { within } from './within.ts'

export const QUEUE_SCHEMA = 'bullmq'

/** All that a job ever carries: which chunk, at which epoch. */
export type Dispatch = { chunk: ChunkId; epoch: number }

/** A marker that shows that a queue is answered: the number of its round. */
type Canary = { canary: number }

/** Where a dispatch waits: its lane (`usual` where none is said), and its turn there: 1 before 2. */
export type QueuePlace = { lane?: Lane; turn?: number }

/** Dispatches and those who listen for them; on Redis or on PostgreSQL, nobody else can tell. */
export type Queue = {
  /** Dispatches for chunks of one stage. Rejects within seconds when the back end is away. */
  dispatch(stage: StageName, dispatches: readonly (Dispatch & QueuePlace)[]): Promise<void>
  /** Sends a marker of a round to the head of a queue: it waits for a free listener, and for no chunk. */
  sendCanary(stage: StageName, round: number, lane?: Lane): Promise<void>
  /** Calls the handlers for every dispatch and marker of a lane, so many at a time; they keep their errors to themselves. */
  work(
    stage: StageName,
    concurrency: number,
    handler: (dispatch: Dispatch) => Promise<void>,
    lane?: Lane,
    answer?: (round: number) => Promise<void>,
  ): Listener
  /** Jobs by stage and BullMQ's state, of both lanes. */
  counts(): Promise<Record<StageName, Record<string, number>>>
  /** For the queue page of the console. */
  boards(): BullMQAdapter[]
  close(): Promise<void>
}

/** A listener of one stage and lane in this process. */
export type Listener = {
  /** How many dispatches it answers at this moment. */
  busy(): number
  /** How many it has received so far. */
  received(): number
  /** Finishes what it has in hand, within seconds. */
  close(): Promise<void>
}

/** Traces what is dispatched and answered. */
export type QueueTelemetry = Telemetry

/** `databaseUrl` is past any pooler: queues in PostgreSQL listen, which takes a session. */
export type QueueAddress = {
  databaseUrl: string
  redis?: RedisAddress | undefined
  telemetry?: QueueTelemetry | undefined
}

const DISPATCH_MS = 5000
// A listener finishes what it has in hand; one whose Redis is away would wait for it for ever.
const CLOSE_MS = 7_000
const JOB = { removeOnComplete: true, removeOnFail: true, attempts: 1 }

/** Opens the queues of all stages; connections are made at first use. */
export function openQueue(address: QueueAddress): Queue {
  const redis = address.redis && openProducer(address.redis)
  const queues = new Map(
    STAGES.flatMap((stage) => LANES.map((lane) => nameOf(stage, lane))).map((name) => [
      name,
      openQueueOf(name, address, redis),
    ]),
  )
  const listeners = new Set<Listener>()
  const queueOf = (stage: StageName, lane: Lane) => queues.get(nameOf(stage, lane)) as BullQueue<Dispatch | Canary>
  return {
    async dispatch(stage, dispatches) {
      const byLane = Map.groupBy(dispatches, ({ lane = 'usual' }) => lane)
      const added = [...byLane].map(([lane, those]) => {
        const jobs = those.map(({ chunk, epoch, turn = 1 }) => ({
          name: stage,
          data: { chunk, epoch },
          opts: { ...JOB, jobId: `${chunk}-${stage}-${epoch}`, priority: turn },
        }))
        return queueOf(stage, lane).addBulk(jobs)
      })
      await within(DISPATCH_MS, Promise.all(added))
    },
    async sendCanary(stage, round, lane = 'usual') {
      const sent = queueOf(stage, lane).add('canary', { canary: round }, { ...JOB, jobId: `canary-${stage}-${round}` })
      await within(DISPATCH_MS, sent)
    },
    work(stage, concurrency, handler, lane = 'usual', answer = async () => undefined) {
      const handle = (data: Dispatch | Canary) => ('canary' in data ? answer(data.canary) : handler(data))
      const listener = openListener(nameOf(stage, lane), address, concurrency, handle)
      listeners.add(listener)
      return listener
    },
    async counts() {
      const all = STAGES.map(async (stage) => {
        const lanes = LANES.map((lane) => queueOf(stage, lane).getJobCounts())
        return [stage, sumOf(await within(DISPATCH_MS, Promise.all(lanes)))] as const
      })
      return Object.fromEntries(await Promise.all(all)) as Record<StageName, Record<string, number>>
    },
    boards: () => [...queues.values()].map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    async close() {
      await Promise.all([...listeners].map((listener) => listener.close()))
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      redis?.disconnect()
    },
  }
}

/** Makes or renews BullMQ's own tables; it does not do so by itself. */
export async function migrateQueue(client: ClientBase): Promise<void> {
  await runMigrations(client, QUEUE_SCHEMA)
}

/** What is wrong with BullMQ's tables, as a sentence; undefined when nothing is. */
export async function queueSchemaFault(db: Pool): Promise<string | undefined> {
  try {
    await assertSchemaCompatibility(db, QUEUE_SCHEMA)
    return undefined
  } catch {
    return 'the queue tables are missing or of another version: run titian migrate'
  }
}

function openQueueOf(
  name: string,
  address: QueueAddress,
  redis: Redis | Cluster | undefined,
): BullQueue<Dispatch | Canary> {
  const queue = redis
    ? new BullQueue<Dispatch | Canary>(name, { ...prefix(name), ...traced(address), connection: redis })
    : new BullQueue(name, { ...prefix(name), ...traced(address), connection: postgres(address) }, createPostgresBackend)
  queue.on('error', () => undefined)
  return queue as BullQueue<Dispatch | Canary>
}

function openListener(
  name: string,
  address: QueueAddress,
  concurrency: number,
  handler: (data: Dispatch | Canary) => Promise<void>,
): Listener {
  let busy = 0
  let received = 0
  const answer = async ({ data }: { data: Dispatch | Canary }) => {
    received += 1
    busy += 1
    await handler(data).finally(() => {
      busy -= 1
    })
  }
  const options = { ...prefix(name), ...traced(address), concurrency }
  const redis = address.redis && openWaiting(address.redis)
  const worker = redis
    ? new Worker<Dispatch | Canary>(name, answer, { ...options, connection: redis })
    : new Worker(name, answer, { ...options, connection: postgres(address) }, createPostgresBackend)
  worker.on('error', () => undefined)
  // Where its first connection failed BullMQ asks again at once and for ever, and nothing else in the process gets a turn. A
  // listener that is closed is deaf: it is opened anew when dispatches stay unheard.
  worker.waitUntilReady().catch(() => void worker.close(true).catch(() => undefined))
  return {
    busy: () => busy,
    received: () => received,
    async close() {
      await within(CLOSE_MS, worker.close()).catch(() => undefined)
      redis?.disconnect()
    },
  }
}

/** One hash tag per queue, so that Redis Cluster keeps a queue's keys together. */
const prefix = (name: string) => ({ prefix: `{titian-${name}}` })

const traced = ({ telemetry }: QueueAddress) => (telemetry ? { telemetry } : {})

/** What is usual keeps the plain name, so that jobs of an earlier version are still answered. */
function nameOf(stage: StageName, lane: Lane): string {
  return lane === 'usual' ? stage : `${stage}-${lane}`
}

function sumOf(lanes: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const counts of lanes)
    for (const [state, count] of Object.entries(counts)) sums[state] = (sums[state] ?? 0) + count
  return sums
}

/** A connection of BullMQ's own: its workers keep a listening client each, which would starve a shared pool. */
const postgres = ({ databaseUrl }: QueueAddress) => ({
  ...sessionAddress(databaseUrl),
  Client: SteadyClient,
  schema: QUEUE_SCHEMA,
  max: 1,
})
