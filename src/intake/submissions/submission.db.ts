import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId, SubmissionId } from '../../domain/ids.ts'
import { type AbortDeps, abortBatch } from '../../engine/abort/abort.db.ts'
import {
  deleteFiles,
  dropUnfinished,
  isWritten,
  letReplace,
  readFiles,
  readReplaced,
} from '../../engine/submissions/file.sql.ts'
import {
  closeSubmission,
  findSubmissionByKey,
  insertSubmission,
  lockForgotten,
  lockSubmission,
  readSubmission,
} from '../../engine/submissions/submission.sql.ts'
import type { SubmissionFile } from '../../engine/submissions/submission.ts'
import { makeChunksDue, markReceived } from '../../engine/upload.sql.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { faultOfReplacement, filesOff } from './commit-check.ts'
import { SILENCE_SECONDS } from './part.db.ts'

const MOST_OPEN = 20
const RETRY_SECONDS = 2
// Bounds one pass of the sweeper; the next one takes the rest.
const PASS = 100
/** Who ends a submission that nobody goes on with. */
const GATEWAY = 'titian'

type Own = { id: SubmissionId; platform: string; by: string }

/**
 * Opens a submission, or finds the one that this key opened. Throws `key-reused` where that one replaces another, `not-found` and
 * `submission-open` for what cannot be replaced, and `too-many`.
 */
export async function openSubmission(
  db: Pool,
  { platform, key, replaces }: { platform: string; key: string; replaces: SubmissionId | null },
): Promise<{ id: SubmissionId; isNew: boolean }> {
  if (replaces !== null) {
    const earlier = await readSubmission(db, replaces)
    if (earlier?.platform !== platform) throw new TitianError('not-found', 'the submission to be replaced is not there')
    if (earlier.state !== 'committed') throw new TitianError('submission-open', `${replaces} is ${earlier.state}`)
  }
  const id = newId('sub')
  if (await insertSubmission(db, { id, platform, key, replaces }, MOST_OPEN)) return { id, isNew: true }
  const before = await findSubmissionByKey(db, platform, key)
  if (before === undefined) {
    throw new TitianError('too-many', `${platform} has ${MOST_OPEN} open submissions: commit or abort one`, {
      retryAfterSeconds: RETRY_SECONDS,
    })
  }
  if (before.replaces !== replaces) throw new TitianError('key-reused')
  return { id: before.id, isNew: false }
}

/**
 * Receives all files of a submission in one transaction, in the order in which they were begun. `named` are the files that the sender
 * counts on: throws `submission-differs` when they are not those that are here, `key-running` while one is written, and
 * `submission-closed`. Committed before, it stays as it is.
 */
export async function commitSubmission(
  { db, crash }: { db: Pool; crash(point: string): void },
  { id, platform, by }: Own,
  named: readonly string[],
): Promise<void> {
  await requireOwn(db, id, platform)
  await inTransaction(db, async (tx) => {
    const state = await lockSubmission(tx, id)
    const files = await readFiles(tx, id)
    const off = filesOff(files, named)
    if (state === 'committed' && off.length === 0) return
    if (state !== 'open') throw new TitianError('submission-closed', `the submission is ${state}`)
    if (off.length > 0) {
      const places = off.map(({ at, code }) => ({ pointer: `/body/files${at === undefined ? '' : `/${at}`}`, code }))
      throw new TitianError('submission-differs', 'the files named are not those that are here', { places })
    }
    if (await isWritten(tx, id, SILENCE_SECONDS)) {
      throw new TitianError('key-running', 'a part is still coming', { retryAfterSeconds: RETRY_SECONDS })
    }
    await dropUnfinished(tx, id)
    await markReplacing(tx, id, files)
    for (const file of files) await receive(tx, file, { platform, by })
    await closeSubmission(tx, id, 'committed')
    const entries = files.reduce((sum, file) => sum + file.entries, 0)
    const details = { platform, files: files.length, entries }
    await appendAudit(tx, { actor: by, action: 'submission.committed', object: id, details })
    crash('submission:before-commit')
  })
  crash('submission:after-commit')
}

async function receive(
  tx: PoolClient,
  { batch, entries, bytes, sha256 }: SubmissionFile,
  { platform, by }: Omit<Own, 'id'>,
): Promise<void> {
  if (sha256 === null) throw new Error(`${batch} has no part`)
  if (!(await markReceived(tx, { id: batch, received: entries, bytes, sha256 }))) {
    throw new Error(`${batch} was received before its submission`)
  }
  await makeChunksDue(tx, batch, 'push')
  const details = { platform, entries, sha256: sha256.toString('hex') }
  await appendAudit(tx, { actor: by, action: 'batch.received', object: batch, details })
}

async function markReplacing(tx: PoolClient, id: SubmissionId, files: readonly SubmissionFile[]): Promise<void> {
  const replaces = (await readSubmission(tx, id))?.replaces ?? null
  if (replaces === null) return
  const earlier = await readReplaced(tx, replaces)
  const fault = faultOfReplacement(files, earlier)
  if (fault !== undefined) throw new TitianError('submission-differs', fault)
  const byDataset = Map.groupBy(earlier, ({ dataset }) => dataset)
  for (const { batch, dataset } of files) {
    const known: BatchId[] = (byDataset.get(dataset) ?? []).map((one) => one.batch)
    if (known.length > 0) await letReplace(tx, batch, known)
  }
}

/** Takes a file out of an open submission. Throws `not-found`, `submission-closed`, and `key-running` while it is written. */
export async function removeFile(db: Pool, { id, platform }: Omit<Own, 'by'>, file: string): Promise<void> {
  await requireOwn(db, id, platform)
  await inTransaction(db, async (tx) => {
    const state = await lockSubmission(tx, id)
    if (state !== 'open') throw new TitianError('submission-closed', `the submission is ${state}`)
    if ((await deleteFiles(tx, id, file)) === 0) throw new TitianError('not-found', 'there is no such file')
  })
}

/**
 * Ends a submission. One that is open goes with all its files; of one that is committed, every file is aborted as a batch: what is
 * linked stays. Throws `not-found`, and `batch-linked` when all of it is linked.
 */
export async function abortSubmission(deps: AbortDeps, { id, platform, by }: Own): Promise<void> {
  await requireOwn(deps.db, id, platform)
  const state = await inTransaction(deps.db, async (tx) => {
    const state = await lockSubmission(tx, id)
    if (state === 'open') await endOpen(tx, id, { state: 'aborted', by })
    return state
  })
  if (state !== 'committed') return
  const batches = (await readFiles(deps.db, id)).map(({ batch }) => batch)
  const refused: unknown[] = []
  for (const batch of batches) {
    await abortBatch(deps, { batch, platform, by }).catch((error: unknown) => refused.push(error))
  }
  const surprise = refused.find((error) => !(error instanceof TitianError && error.code === 'batch-linked'))
  if (surprise !== undefined) throw surprise
  if (refused.length === batches.length) throw new TitianError('batch-linked')
}

/** Lets submissions expire that nobody has touched for so many hours; says how many there were. */
export async function forgetSubmissions(db: Pool, hours: number): Promise<number> {
  for (let ended = 0; ; ended += 1) {
    const id = await inTransaction(db, async (tx) => {
      const id = await lockForgotten(tx, hours)
      if (id !== undefined) await endOpen(tx, id, { state: 'expired', by: GATEWAY })
      return id
    })
    if (id === undefined || ended >= PASS) return ended
  }
}

async function endOpen(
  tx: PoolClient,
  id: SubmissionId,
  { state, by }: { state: 'aborted' | 'expired'; by: string },
): Promise<void> {
  const files = await deleteFiles(tx, id, null)
  await closeSubmission(tx, id, state)
  await appendAudit(tx, { actor: by, action: `submission.${state}`, object: id, details: { files } })
}

async function requireOwn(db: Pool, id: SubmissionId, platform: string): Promise<void> {
  if ((await readSubmission(db, id))?.platform !== platform) throw new TitianError('not-found')
}
