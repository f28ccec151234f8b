import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import type { Dataset } from '../../domain/dataset.ts'
import { TitianError } from '../../domain/error.ts'
import type { BatchId, SubmissionId } from '../../domain/ids.ts'
import type { Platform } from '../../domain/platform.ts'
import type { LooseEntry } from '../../engine/chunks/packing.ts'
import { sealRaw } from '../../engine/chunks/sealed-chunk.ts'
import { insertFile, readFiles } from '../../engine/submissions/file.sql.ts'
import {
  claimWriter,
  dropBehind,
  findPart,
  releaseWriter,
  savePart,
  storePartChunk,
  touchWriter,
} from '../../engine/submissions/part.sql.ts'
import { readSubmission, touchSubmission } from '../../engine/submissions/submission.sql.ts'
import type { SubmissionFile } from '../../engine/submissions/submission.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { agreementName } from '../../trust/agreements/agreement.ts'
import { requireAudit } from '../../trust/audit/stale.db.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { type ChunkLimits, packedChunks } from '../chunks.ts'
import type { IncomingBody } from '../incoming.http.ts'

export type PartDeps = {
  db: Pool
  vault: Vault
  limits: ChunkLimits & { auditHours: number }
  crash(point: string): void
}

/** Where a part goes: the file of a submission, and the key by which a repeat of it is known. */
export type PartPlace = {
  submission: SubmissionId
  file: string
  key: string
  platform: Platform
  dataset: Dataset
}

export const MOST_FILES = 50
const MOST_PARTS = 10_000
const HEARTBEAT_MS = 2000
/** A writer that was not heard of for so long has died with its gateway. */
export const SILENCE_SECONDS = 10
const RETRY_SECONDS = 2

/**
 * Adds a body to a file of an open submission, which is begun with its first part. The same key and body again change nothing.
 * Throws `not-found`, `submission-closed`, `file-differs` for another dataset, `key-reused`, and `key-running` while another part
 * of the file comes.
 */
export async function addPart(
  deps: PartDeps,
  place: PartPlace,
  incoming: IncomingBody,
  begin: () => void = () => undefined,
): Promise<{ is: 'added' | 'replay'; batch: BatchId }> {
  const { db, limits } = deps
  await requireAudit(db, limits.auditHours)
  const file = await fileOf(db, place)
  const replay = async ({ sha256 }: { sha256: Buffer }) => {
    await incoming.skim()
    if (!sha256.equals(incoming.finish().sha256)) throw new TitianError('key-reused')
    return { is: 'replay' as const, batch: file.batch }
  }
  const before = await findPart(db, file.batch, place.key)
  begin()
  if (before !== undefined) return replay(before)
  if (file.parts >= MOST_PARTS) throw new TitianError('too-many', `a file has ${MOST_PARTS} parts at most`)
  const writer = randomUUID()
  const lines = await claimWriter(db, file.batch, writer, { seconds: SILENCE_SECONDS, parts: MOST_PARTS })
  if (lines === undefined) {
    throw new TitianError('key-running', 'another part of this file is coming', { retryAfterSeconds: RETRY_SECONDS })
  }
  // The writer before us may have brought this very part.
  const meanwhile = await findPart(db, file.batch, place.key)
  if (meanwhile !== undefined) {
    await releaseWriter(db, file.batch, writer)
    return replay(meanwhile)
  }
  const heartbeat = setInterval(() => {
    touchWriter(db, file.batch, writer).catch(() => undefined)
  }, HEARTBEAT_MS)
  try {
    await dropBehind(db, file.batch, writer)
    await storePart(deps, { ...place, batch: file.batch, writer, lines }, incoming)
    return { is: 'added', batch: file.batch }
  } catch (error) {
    // If the database is away too, the next writer drops what is left; the first failure is the one to tell.
    await dropBehind(db, file.batch, writer)
      .then(() => releaseWriter(db, file.batch, writer))
      .catch(() => undefined)
    throw error
  } finally {
    clearInterval(heartbeat)
  }
}

async function fileOf(db: Pool, { submission, file, platform, dataset }: PartPlace): Promise<SubmissionFile> {
  const row = await readSubmission(db, submission)
  if (row === undefined || row.platform !== platform.name) throw new TitianError('not-found')
  if (row.state !== 'open') throw new TitianError('submission-closed', `the submission is ${row.state}`)
  const files = await readFiles(db, submission)
  const known = files.find((one) => one.file === file)
  if (known !== undefined) {
    if (known.dataset === dataset.name && known.datasetVersion === dataset.version) return known
    throw new TitianError('file-differs', `the file is of ${known.dataset} ${known.datasetVersion}`)
  }
  if (files.length >= MOST_FILES) throw new TitianError('too-many', `a submission has ${MOST_FILES} files at most`)
  const id = newId('bat')
  const pinned = {
    dataset: dataset.name,
    datasetVersion: dataset.version,
    agreement: agreementName(platform.agreement),
  }
  await insertFile(db, { id, platform: platform.name, ...pinned, submission, file })
  const made = (await readFiles(db, submission)).find((one) => one.file === file)
  if (made === undefined) throw new TitianError('submission-closed')
  return made
}

type Writing = PartPlace & { batch: BatchId; writer: string; lines: number }

async function storePart(deps: PartDeps, to: Writing, incoming: IncomingBody): Promise<void> {
  const { db, vault, limits, crash } = deps
  let [entries, lastLine, firstLine] = [0, to.lines, 0]

  /** Lines go on where the part before ended. */
  async function* placed(): AsyncGenerator<LooseEntry[]> {
    for await (const group of incoming.groups()) {
      const moved = group.map((entry) => ({ ...entry, line: entry.line + to.lines }))
      lastLine = moved.at(-1)?.line ?? lastLine
      yield moved
    }
  }

  let storing = Promise.resolve()
  for await (const chunk of packedChunks(placed(), limits)) {
    await storing
    if (entries === 0) firstLine = chunk.firstLine
    entries += chunk.entries
    const id = newId('chk')
    storing = (async () => {
      const raw = await sealRaw(vault, { id, platform: to.platform.name }, chunk.packed)
      const stored = { id, batch: to.batch, firstLine: chunk.firstLine, entries: chunk.entries, raw }
      if (!(await storePartChunk(db, to.writer, stored))) throw overtaken()
    })()
    storing.catch(() => undefined)
    crash('part:chunk')
  }
  await storing
  const { bytes, sha256 } = incoming.finish()
  if (entries === 0) throw new TitianError('body-empty')
  crash('part:before-commit')
  await inTransaction(db, async (tx) => {
    if (!(await touchSubmission(tx, to.submission))) throw new TitianError('submission-closed')
    const part = { batch: to.batch, key: to.key, sha256, bytes, firstLine, entries, lastLine }
    if (!(await savePart(tx, to.writer, part))) throw overtaken()
  })
  crash('part:after-commit')
}

function overtaken(): TitianError {
  return new TitianError('key-running', 'the part was taken for dead, or its file was removed', {
    retryAfterSeconds: RETRY_SECONDS,
  })
}
