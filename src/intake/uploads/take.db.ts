import type { Pool } from 'pg'
import { ERRORS, TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { toTitianError } from '../../io/http/problem.ts'
import type { Log } from '../../io/observe/log.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { agreementName, coveredDataset, type IntakeRegistry } from '../../trust/agreements/agreement.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { type ChunkLimits, packedChunks } from '../chunks.ts'
import { type IncomingLimits, openBody } from '../incoming.http.ts'
import { type ReceiveLimits, receiveUpload, reserveUpload } from '../receive.db.ts'
import { addPart } from '../submissions/part.db.ts'
import { type ClaimedUpload, keepClaim, markRefused, markTaken, releaseClaim } from './claim.sql.ts'
import { storedBody } from './stored-bytes.db.ts'
import { deleteParts } from './upload.sql.ts'

export type TakeDeps = {
  db: Pool
  vault: Vault
  registry: IntakeRegistry
  limits: IncomingLimits & ChunkLimits & ReceiveLimits
  log: Pick<Log, 'info' | 'warn' | 'error'>
  clock: () => Date
  crash(point: string): void
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

/** How long a taker may be silent before another one takes over. */
export const CLAIM_SECONDS = 15
const HEARTBEAT_MS = 3000
const AGAIN_SECONDS = 2
// An upload that ends its gateway again and again is refused in the end.
const MOST_LOSSES = 5

/**
 * Makes a batch of a whole upload, or adds it to a file of its submission, once: what ends in the middle is taken again. What cannot
 * be read is refused, with the problem that a push of the same body would be answered with.
 */
export async function takeUpload(deps: TakeDeps, upload: ClaimedUpload, signal: AbortSignal): Promise<void> {
  const { db, log } = deps
  const heartbeat = setInterval(() => {
    keepClaim(db, upload, CLAIM_SECONDS).catch(() => undefined)
  }, HEARTBEAT_MS)
  try {
    if (upload.losses >= MOST_LOSSES) return await refuse(deps, upload, new TitianError('internal'))
    const batch = await store(deps, upload, signal)
    log.info({ upload: upload.id, batch, platform: upload.platform }, 'upload taken')
  } catch (error) {
    const known = toTitianError(error)
    const { retry, status } = ERRORS[known.code]
    if (!retry && status < 500) return await refuse(deps, upload, known)
    log.warn({ upload: upload.id, err: error }, 'upload not taken yet')
    const isLoss = known.code === 'internal' || !retry
    await releaseClaim(db, upload, { seconds: AGAIN_SECONDS, isLoss }).catch(() => undefined)
  } finally {
    clearInterval(heartbeat)
  }
}

async function store(deps: TakeDeps, upload: ClaimedUpload, signal: AbortSignal): Promise<BatchId> {
  const { db, vault, registry, limits, clock } = deps
  const { platform, dataset } = coveredDataset(registry, upload.platform, upload.dataset, clock())
  const incoming = openBody(storedBody(db, vault, upload, signal), dataset.format, limits, { platform: platform.name })
  const { submission, file } = upload
  if (submission !== null && file !== null) {
    const place = { submission, file, key: upload.key, platform, dataset }
    const { batch } = await addPart(deps, place, incoming)
    return conclude(deps, upload, batch)
  }
  const of = {
    kind: 'push' as const,
    platform: platform.name,
    dataset: dataset.name,
    datasetVersion: dataset.version,
    agreement: agreementName(platform.agreement),
    isSnapshot: upload.mode === 'snapshot',
    key: upload.key,
  }
  const reservation = await reserveUpload(db, of, limits)
  if (reservation.is === 'replay') {
    await incoming.skim()
    const { sha256 } = incoming.finish()
    const { id, payload_sha256, dataset: held, isSnapshot } = reservation.holder
    const isSame = held === of.dataset && isSnapshot === of.isSnapshot && payload_sha256?.equals(sha256) === true
    if (!isSame) throw new TitianError('key-reused')
    return conclude(deps, upload, id)
  }
  const { id } = reservation
  await receiveUpload(db, vault, {
    id,
    kind: 'push',
    platform: upload.platform,
    actor: upload.actor,
    chunks: packedChunks(incoming.groups(), limits),
    finish: incoming.finish,
    also: async (tx) => {
      if (!(await markTaken(tx, upload, id))) throw overtaken()
      await deleteParts(tx, upload.id)
    },
    crash: deps.crash,
  })
  deps.dispatch(upload.platform).catch((error: unknown) => deps.log.warn({ batch: id, err: error }, 'not dispatched'))
  return id
}

async function conclude({ db, crash }: TakeDeps, upload: ClaimedUpload, batch: BatchId): Promise<BatchId> {
  crash('upload:before-taken')
  await inTransaction(db, async (tx) => {
    if (!(await markTaken(tx, upload, batch))) throw overtaken()
    await deleteParts(tx, upload.id)
  })
  return batch
}

async function refuse({ db, log }: TakeDeps, upload: ClaimedUpload, error: TitianError): Promise<void> {
  const { code, message, places } = error
  const detail = message === ERRORS[code].en ? null : message
  await inTransaction(db, async (tx) => {
    if (await markRefused(tx, upload, { code, detail, places })) await deleteParts(tx, upload.id)
  })
  log.info({ upload: upload.id, platform: upload.platform, code }, 'upload refused')
}

function overtaken(): TitianError {
  return new TitianError('unavailable', 'another gateway has taken the upload over')
}
