import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../domain/error.ts'
import type { BatchId } from '../domain/ids.ts'
import { viewBatch } from '../engine/batch-view.sql.ts'
import type { NewBatch } from '../engine/upload.sql.ts'
import { takeBody } from '../io/http/body.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { type ChunkLimits, packedChunks } from './chunks.ts'
import type { IncomingBody } from './incoming.http.ts'
import { type ReceiveLimits, receiveUpload, reserveUpload } from './receive.db.ts'
import { readIdempotencyKey } from './upload-head.ts'

export type KeepOptions = {
  db: Pool
  vault: Vault
  limits: ChunkLimits & ReceiveLimits
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
  crash(point: string): void
}

/** What a kind of upload stores beside its body, and by what a repeat of its key is told from another upload. */
export type Beside = {
  store(tx: PoolClient, batch: BatchId): Promise<void>
  isSame(batch: BatchId): Promise<boolean>
}

/** Stores a body as a batch and answers 202 once all of it is stored; a repeat of key and body is answered 200 with the batch it made. */
export async function keepUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  incoming: IncomingBody,
  batch: Omit<NewBatch, 'id' | 'key'>,
  { db, vault, limits, dispatch, crash, beside }: KeepOptions & { beside?: Beside },
): Promise<FastifyReply> {
  const { kind, platform, dataset, isSnapshot = false, mode = 'partial' } = batch
  const key = readIdempotencyKey(request.headers['idempotency-key'])
  const reservation = await reserveUpload(db, { ...batch, key }, limits)
  takeBody(request, reply)
  if (reservation.is === 'replay') {
    await incoming.skim()
    const { sha256 } = incoming.finish()
    const { id, payload_sha256, ...holder } = reservation.holder
    const isAlike = holder.dataset === dataset && holder.isSnapshot === isSnapshot && holder.mode === mode
    const isSame = isAlike && payload_sha256?.equals(sha256) === true && (await beside?.isSame(id)) !== false
    if (!isSame) throw new TitianError('key-reused')
    return reply
      .code(200)
      .header('idempotency-replayed', 'true')
      .header('location', `/v1/batches/${id}`)
      .send(await shown(db, id))
  }
  const { id } = reservation
  const started = performance.now()
  const received = await receiveUpload(db, vault, {
    id,
    kind,
    platform,
    actor: request.caller.client,
    chunks: packedChunks(incoming.groups(), limits),
    ...(mode === 'strict' && { most: limits.strictRecords }),
    finish: incoming.finish,
    ...(beside && { also: beside.store }),
    crash,
  })
  const ms = Math.round(performance.now() - started)
  request.log.info({ batch: id, platform, dataset, entries: received, ms }, 'received')
  dispatch(platform).catch((error: unknown) => request.log.warn({ batch: id, err: error }, 'not dispatched'))
  return reply
    .code(202)
    .header('location', `/v1/batches/${id}`)
    .send(await shown(db, id))
}

async function shown(db: Pool, id: BatchId) {
  const batch = await viewBatch(db, id, null)
  if (batch === undefined) throw new Error(`${id} vanished after its commit`)
  return batch
}
