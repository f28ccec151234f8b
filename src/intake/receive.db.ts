import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../domain/error.ts'
import type { BatchId } from '../domain/ids.ts'
import { BATCH, type BatchKind } from '../domain/states.ts'
import { sealRaw } from '../engine/chunks/sealed-chunk.ts'
import type { FileForm } from '../engine/file-form.ts'
import {
  discardSilent,
  discardUpload,
  findKeyHolder,
  type KeyHolder,
  makeChunksDue,
  markReceived,
  type NewBatch,
  reserveBatch,
  storeRawChunk,
  touchBatch,
} from '../engine/upload.sql.ts'
import { newId } from '../io/ids.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import { requireAudit } from '../trust/audit/stale.db.ts'
import type { Vault } from '../trust/keys/vault.ts'
import type { PackedChunk } from './chunks.ts'

export type ReceiveLimits = { openBatches: number; uploads: number; strictRecords: number; auditHours: number }

export type Reservation = { is: 'reserved'; id: BatchId } | { is: 'replay'; holder: KeyHolder }

// An upload says that it lives by a timer, not by its bytes: who is silent for so long has died with its gateway, and a repeat
// of its key may take over at once. Should it live after all, it finds its batch gone and fails.
const HEARTBEAT_MS = 2000
const SILENCE_SECONDS = 10
const RETRY_SECONDS = 2

/**
 * Takes a platform's key for a new upload, or finds the batch that was made with it. Throws `key-running` while the first
 * upload runs, and `too-many` when the platform has too many unsettled batches or uploads.
 */
export async function reserveUpload(
  db: Pool,
  batch: Omit<NewBatch, 'id'>,
  { openBatches, uploads, auditHours }: ReceiveLimits,
): Promise<Reservation> {
  await requireAudit(db, auditHours)
  // The holder may vanish between two statements (its upload broke off); then the key is tried once more.
  for (let tries = 0; tries < 3; tries++) {
    const id = newId('bat')
    if (await reserveBatch(db, { ...batch, id }, openBatches, uploads)) return { is: 'reserved', id }
    const holder = await findKeyHolder(db, batch.platform, batch.key, SILENCE_SECONDS)
    if (holder === undefined) continue
    if (holder.state !== BATCH.receiving) return { is: 'replay', holder }
    if (!holder.silent || !(await discardSilent(db, holder.id, SILENCE_SECONDS))) {
      throw new TitianError('key-running', `the upload of ${holder.id} still runs`, {
        retryAfterSeconds: RETRY_SECONDS,
      })
    }
  }
  throw new TitianError('too-many', `${batch.platform} has too many open batches or uploads`, {
    retryAfterSeconds: RETRY_SECONDS,
  })
}

export type Upload = {
  id: BatchId
  kind: BatchKind
  platform: string
  /** The client that sends it. */
  actor: string
  chunks: AsyncIterable<PackedChunk>
  /** Entries, at most; any number when not given. */
  most?: number
  /** Called when all chunks are read: checks the body as a whole, throws if it is wrong, and says what was received. */
  finish(): { bytes: number; sha256: Buffer; form?: FileForm | undefined }
  /** What else becomes true in the transaction that makes the batch `received`. */
  also?: (tx: PoolClient, id: BatchId) => Promise<void>
  crash(point: string): void
}

/**
 * Stores an upload chunk by chunk and makes it `received` in one last transaction; whatever fails discards it. Answers how
 * many entries there are.
 */
export async function receiveUpload(db: Pool, vault: Vault, upload: Upload): Promise<number> {
  const { id, kind, platform, actor, crash } = upload
  const heartbeat = setInterval(() => {
    touchBatch(db, id).catch(() => undefined)
  }, HEARTBEAT_MS)
  try {
    let received = 0
    // One chunk is stored while the next is read.
    let storing = Promise.resolve()
    for await (const chunk of upload.chunks) {
      await storing
      received += chunk.entries
      if (received > (upload.most ?? received))
        throw new TitianError('strict-too-large', `a strict batch holds ${upload.most} entries at most`)
      storing = storeChunk(db, vault, id, platform, chunk)
      storing.catch(() => undefined)
      crash('intake:chunk')
    }
    await storing
    const { bytes, sha256, form } = upload.finish()
    if (received === 0) throw new TitianError('body-empty')
    crash('intake:before-commit')
    await inTransaction(db, async (tx) => {
      if (!(await markReceived(tx, { id, received, bytes, sha256, form }))) throw discarded(id)
      await upload.also?.(tx, id)
      await makeChunksDue(tx, id, kind)
      const details = { platform, entries: received, sha256: sha256.toString('hex') }
      await appendAudit(tx, { actor, action: 'batch.received', object: id, details })
    })
    crash('intake:after-commit')
    return received
  } catch (error) {
    // If the database is away too, the sweeper removes what is left; the first failure is the one to tell.
    await discardUpload(db, id).catch(() => undefined)
    throw error
  } finally {
    clearInterval(heartbeat)
  }
}

async function storeChunk(
  db: Pool,
  vault: Vault,
  batch: BatchId,
  platform: string,
  { packed, entries, firstLine }: PackedChunk,
): Promise<void> {
  const id = newId('chk')
  const raw = await sealRaw(vault, { id, platform }, packed)
  if (!(await storeRawChunk(db, { id, batch, firstLine, entries, raw }))) throw discarded(batch)
}

function discarded(id: BatchId): TitianError {
  return new TitianError('key-running', `the upload of ${id} was taken for dead and discarded`, {
    retryAfterSeconds: RETRY_SECONDS,
  })
}
