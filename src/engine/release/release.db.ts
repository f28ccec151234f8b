import type { Pool, PoolClient } from 'pg'
import type { Dataset } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import type { BatchId } from '../../domain/ids.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { readRaw } from '../chunks/content.sql.ts'
import { packEntries } from '../chunks/packing.ts'
import { sealRaw } from '../chunks/sealed-chunk.ts'
import {
  deleteChunk,
  forgetFindings,
  type HeldChunk,
  insertReleased,
  lockHeldChunks,
  readHeldLines,
  reopenBatch,
  shrinkChunk,
  unenterLines,
} from './release.sql.ts'
import { partHeld, ReleaseChunks, type ReleaseLimits, targetOf } from './release.ts'

export type ReleaseDeps = {
  db: Pool
  vault: Vault
  registry: { datasets: ReadonlyMap<string, Dataset>; versions: ReadonlyMap<string, Dataset> }
  limits: ReleaseLimits
  crash(point: string): void
}

/** Whose chunks are released; all of a batch are of one kind and one platform. */
type Of = Pick<HeldChunk, 'kind' | 'platform'>

/** How many entries were released, into how many chunks; those `gone` stay held, because their source records are deleted. */
export type Released = { released: number; chunks: number; gone: number }

/**
 * Moves the held entries of a batch into new chunks that start over under the current version of the dataset. It keeps the order
 * of lines. One transaction does it all, so that every entry is either held or pending at every moment.
 */
export function releaseBatch(deps: ReleaseDeps, batch: BatchId, actor: string): Promise<Released> {
  const { db, vault, registry, limits, crash } = deps
  return inTransaction(db, async (tx) => {
    const done: Released = { released: 0, chunks: 0, gone: 0 }
    const gathered = new ReleaseChunks(limits)
    const store = async (of: Of | undefined, chunks: Iterable<{ version: string; entries: RawEntry[] }>) => {
      for (const { version, entries } of chunks) {
        if (of !== undefined) await storeChunk(tx, vault, batch, of, version, entries)
        done.released += entries.length
        done.chunks += 1
      }
    }
    let of: Of | undefined
    for (const chunk of await lockHeldChunks(tx, batch)) {
      const taken = await takeHeld(tx, vault, chunk)
      if (taken === undefined) {
        done.gone += chunk.held
        continue
      }
      of = chunk
      const pinned = registry.versions.get(`${chunk.dataset}@${chunk.version}`)
      const target = targetOf(registry.datasets.get(chunk.dataset), pinned, chunk.version)
      await store(of, gathered.add(target, taken))
    }
    await store(of, gathered.end())
    if (done.released > 0) {
      await reopenBatch(tx, batch)
      await appendAudit(tx, { actor, action: 'batch.released', object: batch, details: done })
    }
    crash('release:before-commit')
    return done
  })
}

/** Takes the held entries out of a chunk, its ledger and its reports; undefined when the source records are deleted. */
async function takeHeld(tx: PoolClient, vault: Vault, chunk: HeldChunk): Promise<RawEntry[] | undefined> {
  const entries = await readRaw(tx, vault, chunk)
  if (entries === undefined) return undefined
  const lines = new Set(await readHeldLines(tx, chunk.id))
  const { released, kept } = partHeld(entries, lines)
  if (released.length !== chunk.held) throw new Error(`${chunk.id} holds ${released.length}, not ${chunk.held} entries`)
  await unenterLines(tx, chunk.id)
  const [first] = kept
  if (first === undefined) await deleteChunk(tx, chunk.id)
  else {
    await forgetFindings(tx, chunk.id, lines)
    const raw = await sealRaw(vault, chunk, packEntries(kept))
    await shrinkChunk(tx, chunk.id, { firstLine: first.line, entries: kept.length, raw })
  }
  return released
}

async function storeChunk(
  tx: PoolClient,
  vault: Vault,
  batch: BatchId,
  { kind, platform }: Of,
  version: string,
  entries: readonly RawEntry[],
): Promise<void> {
  const id = newId('chk')
  const raw = await sealRaw(vault, { id, platform }, packEntries(entries))
  const firstLine = entries[0]?.line ?? 0
  await insertReleased(tx, { id, batch, kind, platform, version, firstLine, entries: entries.length, raw })
}
