import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq'
import { withClient } from '../../../src/io/postgres/postgres.ts'

/** A family as it was pushed; the job is the only copy until its transaction. */
export type FamilyJob = { batch: string; line: number; text: string }

/** Where the rival's jobs lie: in Redis where it is named, else in PostgreSQL. */
export type QueueAddress = { databaseUrl: string; redisUrl: string | undefined }

/** Jobs that one worker process works at the same time. */
export const CONCURRENCY = 20

const NAME = 'families'
const JOB = { removeOnComplete: true, attempts: 5, backoff: { type: 'exponential', delay: 1000 } }

/** Makes BullMQ's tables, which its back end on PostgreSQL does not do by itself. */
export async function prepareQueue({ databaseUrl }: QueueAddress): Promise<void> {
  await withClient(databaseUrl, (client) => runMigrations(client))
}

/** Adds jobs, many at a time. */
export function openJobs({ databaseUrl, redisUrl }: QueueAddress) {
  const queue =
    redisUrl === undefined
      ? new Queue(NAME, { connection: { connectionString: databaseUrl, max: 4 } }, createPostgresBackend)
      : new Queue(NAME, { connection: { url: redisUrl } })
  return {
    async add(jobs: readonly FamilyJob[]): Promise<void> {
      await queue.addBulk(
        jobs.map((data) => ({ name: NAME, data, opts: { ...JOB, jobId: `${data.batch}-${data.line}` } })),
      )
    },
    close: () => queue.close(),
  }
}

/** Works jobs until it is closed; `failed` is told of one that is given up. */
export function workJobs(
  { databaseUrl, redisUrl }: QueueAddress,
  work: (job: FamilyJob) => Promise<void>,
  failed: (error: Error) => void,
): { close(): Promise<void> } {
  const answer = ({ data }: { data: FamilyJob }) => work(data)
  const worker =
    redisUrl === undefined
      ? new Worker(
          NAME,
          answer,
          { connection: { connectionString: databaseUrl, max: CONCURRENCY }, concurrency: CONCURRENCY },
          createPostgresBackend,
        )
      : new Worker<FamilyJob>(NAME, answer, {
          connection: { url: redisUrl, maxRetriesPerRequest: null },
          concurrency: CONCURRENCY,
        })
  worker.on('failed', (job, error) => {
    if (job === undefined || job.attemptsMade >= JOB.attempts) failed(error)
  })
  worker.on('error', failed)
  return { close: () => worker.close() }
}
