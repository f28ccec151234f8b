import type { Pool, PoolClient } from 'pg'
import type { BatchId, SubmissionId, UploadId } from '../../domain/ids.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { UploadProblem } from './upload.ts'

/** A whole upload in the hands of whoever makes a batch of it; `takes` is its fence. */
export type ClaimedUpload = {
  id: UploadId
  platform: string
  actor: string
  dataset: string
  mediaType: string
  encoding: string | null
  mode: 'snapshot' | null
  key: string
  sha256: Buffer | null
  submission: SubmissionId | null
  file: string | null
  length: number
  takes: number
  /** How often it was lost with whoever held it, or failed for no known reason. */
  losses: number
}

/** Takes the whole upload that waits longest and that nobody holds, for so many seconds; undefined when there is none. */
export async function claimUpload(db: Pool, seconds: number): Promise<ClaimedUpload | undefined> {
  const { rows } = await db.query<ClaimedUpload>(sql`
    update upload set taken_until = now() + make_interval(secs => ${seconds}), takes = takes + 1,
      losses = losses + case when taken_until is null then 0 else 1 end
    where id = (
      select id from upload
      where state = 'whole' and due_at not between now() and now() + interval '1 minute' and (taken_until is null
        or taken_until not between now() and now() + make_interval(secs => ${2 * seconds}))
      order by touched_at limit 1 for update skip locked)
    returning id, platform, actor, dataset, media_type as "mediaType", encoding, mode, key, sha256, submission, file,
      length::float8 as length, takes, losses`)
  return rows[0]
}

/** Holds an upload for longer. */
export async function keepClaim(db: Pool, { id, takes }: ClaimedUpload, seconds: number): Promise<void> {
  await db.query(sql`
    update upload set taken_until = now() + make_interval(secs => ${seconds})
    where id = ${id} and takes = ${takes} and state = 'whole'`)
}

/** Gives an upload back, to be taken again in so many seconds; `isLoss` when it failed for no known reason. */
export async function releaseClaim(
  db: Pool,
  { id, takes }: ClaimedUpload,
  { seconds, isLoss }: { seconds: number; isLoss: boolean },
): Promise<void> {
  await db.query(sql`
    update upload
    set taken_until = null, due_at = now() + make_interval(secs => ${seconds}),
      losses = losses + case when ${isLoss}::boolean then 1 else 0 end
    where id = ${id} and takes = ${takes} and state = 'whole'`)
}

/** Notes the batch that was made of an upload; false when another has taken it over. */
export async function markTaken(tx: PoolClient, { id, takes }: ClaimedUpload, batch: BatchId): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update upload set state = 'taken', batch = ${batch}, taken_until = null, touched_at = now()
    where id = ${id} and takes = ${takes} and state = 'whole'`)
  return rowCount === 1
}

/** Notes why no batch is made of an upload; false when another has taken it over. */
export async function markRefused(
  tx: PoolClient,
  { id, takes }: ClaimedUpload,
  problem: UploadProblem,
): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    update upload set state = 'refused', problem = ${JSON.stringify(problem)}::jsonb, taken_until = null, touched_at = now()
    where id = ${id} and takes = ${takes} and state = 'whole'`)
  return rowCount === 1
}
