import type { Pool } from 'pg'
import type { Dataset } from '../domain/dataset.ts'
import { TitianError } from '../domain/error.ts'
import type { BatchId } from '../domain/ids.ts'
import type { Platform } from '../domain/platform.ts'
import { readRaw } from '../engine/chunks/content.sql.ts'
import { packEntries } from '../engine/chunks/packing.ts'
import { targetOf } from '../engine/release/release.ts'
import { isOvertaken, type ReplayedChunk, selectReplayed, selectReplayedChunks } from '../engine/release/replay.sql.ts'
import { newId } from '../io/ids.ts'
import { agreementName, requireAgreement } from '../trust/agreements/agreement.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import { sealReason } from '../trust/keys/reason.ts'
import type { Vault } from '../trust/keys/vault.ts'
import type { PackedChunk } from './chunks.ts'
import { type ReceiveLimits, receiveUpload, reserveUpload } from './receive.db.ts'

export type ReplayDeps = {
  db: Pool
  vault: Vault
  registry: {
    platforms: ReadonlyMap<string, Platform>
    datasets: ReadonlyMap<string, Dataset>
    versions: ReadonlyMap<string, Dataset>
  }
  limits: ReceiveLimits
  clock: () => Date
  crash(point: string): void
}

/** The batch that a push is worked in again, or why it is not: it is no settled push of one file, another came after it, or its records are gone. */
export type Replayed = { is: 'replayed'; batch: BatchId } | { is: 'not-settled' } | { is: 'overtaken' } | { is: 'gone' }

class Overtaken extends Error {}

/**
 * Works the source records of a settled push again, as a batch of its own under the present version of the dataset: what was rejected
 * or held for a rule that is mended since is taken, the rest stays as it is. Only the newest push of a dataset, since older records
 * would write over newer ones. Throws `agreement-not-in-force`, and `too-many` while the platform has too much open.
 */
export async function replayBatch(
  deps: ReplayDeps,
  { batch, actor, reason }: { batch: BatchId; actor: string; reason: string },
): Promise<Replayed> {
  const { db, vault, registry, limits, clock, crash } = deps
  const push = await selectReplayed(db, batch)
  if (push === undefined || !push.isAlone) return { is: 'not-settled' }
  if (await isOvertaken(db, batch, null)) return { is: 'overtaken' }
  const chunks = await selectReplayedChunks(db, batch)
  if (chunks.length === 0 || chunks.some(({ isKept }) => !isKept)) return { is: 'gone' }
  const platform = registry.platforms.get(push.platform)
  const versions = new Set(chunks.map(({ version }) => targetFor(deps, push.dataset, version).version))
  const [version] = versions
  // Entries of several versions cannot be cleaned as one batch.
  if (platform === undefined || version === undefined || versions.size > 1) return { is: 'not-settled' }
  const agreement = agreementName(requireAgreement(platform, clock()))
  // A key with a blank is none that a platform can send.
  const of = { platform: push.platform, dataset: push.dataset, datasetVersion: version, agreement, mode: push.mode }
  const taken = await reserveUpload(db, { ...of, kind: 'push', key: `replay ${newId('bat')}` }, limits)
  if (taken.is !== 'reserved') throw new TitianError('key-running', 'a key of a replay was held')
  const sealed = sealReason(vault, reason)
  try {
    await receiveUpload(db, vault, {
      ...{ id: taken.id, kind: 'push', platform: push.platform, actor, crash },
      chunks: packedAgain(deps, push, chunks),
      finish: () => ({ bytes: push.bytes, sha256: push.sha256 }),
      also: async (tx, id) => {
        if (await isOvertaken(tx, batch, id)) throw new Overtaken()
        await appendAudit(tx, { actor, action: 'batch.replayed', object: batch, details: { as: id, reason: sealed } })
      },
    })
  } catch (error) {
    if (error instanceof Overtaken) return { is: 'overtaken' }
    throw error
  }
  return { is: 'replayed', batch: taken.id }
}

async function* packedAgain(
  deps: ReplayDeps,
  { platform, dataset }: { platform: string; dataset: string },
  chunks: readonly ReplayedChunk[],
): AsyncGenerator<PackedChunk> {
  for (const { id, version, firstLine } of chunks) {
    const raw = await readRaw(deps.db, deps.vault, { id, platform })
    if (raw === undefined) throw new TitianError('rows-gone', `${id} lost its records meanwhile`)
    const entries = raw.map(targetFor(deps, dataset, version).read)
    yield { packed: packEntries(entries), entries: entries.length, firstLine }
  }
}

function targetFor({ registry }: ReplayDeps, dataset: string, version: string) {
  return targetOf(registry.datasets.get(dataset), registry.versions.get(`${dataset}@${version}`), version)
}
