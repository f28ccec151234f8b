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
  noteRelease,
  readFindings,
  readHeldLines,
  reopenBatch,
  restartHeld,
  shrinkChunk,
  unenterLines,
} from './release.sql.ts'
import { linesToRelease, partHeld, ReleaseChunks, type ReleaseLimits, targetOf, type Wanted } from './release.ts'

export type ReleaseDeps = {
  db: Pool
  vault: Vault
  registry: { datasets: ReadonlyMap<string, Dataset>; versions: ReadonlyMap<string, Dataset> }
  limits: ReleaseLimits
  crash(point: string): void
}

/** Whose chunks are released; all of a batch are of one kind and one platform. */
type Of = Pick<HeldChunk, 'kind' | 'platform'>

/** What is released of a batch, by whom, and why where a finding wants a reason: sealed, since it may name a person. */
export type ReleaseOrder = Wanted & { batch: BatchId; actor: string; reason?: string }

/**
 * How many entries were released, into how many chunks. Those `gone` stay held because their source records are deleted, those
 * `kept` because they were not wanted.
 */
export type Released = { released: number; chunks: number; gone: number; kept: number }

/**
 * Moves held entries of a batch into new chunks that start over under the current version of the dataset. It keeps the order of
 * lines; what is released for a finding that wants a reason goes into chunks of its own, where that finding holds no more. One
 * transaction does it all, so that every entry is either held or pending at every moment.
 */
export function releaseBatch(deps: ReleaseDeps, order: ReleaseOrder): Promise<Released> {
  const { db, vault, registry, limits, crash } = deps
  const { batch, actor, codes, reason = null } = order
  return inTransaction(db, async (tx) => {
    const done: Released = { released: 0, chunks: 0, gone: 0, kept: 0 }
    const gathered = { mended: new ReleaseChunks(limits), named: new ReleaseChunks(limits) }
    let of: Of | undefined
    const store = async (kind: keyof typeof gathered, chunks: Iterable<{ version: string; entries: RawEntry[] }>) => {
      for (const { version, entries } of chunks) {
        if (of !== undefined)
          await storeChunk(tx, vault, { batch, ...of, version, isReleased: kind === 'named' }, entries)
        done.released += entries.length
        done.chunks += 1
      }
    }
    for (const chunk of await lockHeldChunks(tx, batch)) {
      const { lines, named } = linesToRelease(
        await readHeldLines(tx, chunk.id),
        await readFindings(tx, chunk.id),
        order,
      )
      done.kept += chunk.held - lines.size
      if (lines.size === 0) continue
      if (chunk.kind === 'withdrawal') {
        await restartHeld(tx, chunk)
        done.released += lines.size
        done.chunks += 1
        continue
      }
      const taken = await takeHeld(tx, vault, chunk, lines)
      if (taken === undefined) {
        done.gone += lines.size
        continue
      }
      of = { kind: chunk.kind, platform: chunk.platform }
      const pinned = registry.versions.get(`${chunk.dataset}@${chunk.version}`)
      const target = targetOf(registry.datasets.get(chunk.dataset), pinned, chunk.version)
      // Who was released by name once is not asked for again.
      const isNamed = ({ line }: RawEntry) => chunk.isReleased || named.has(line)
      await store(
        'mended',
        gathered.mended.add(
          target,
          taken.filter((entry) => !isNamed(entry)),
        ),
      )
      await store('named', gathered.named.add(target, taken.filter(isNamed)))
    }
    await store('mended', gathered.mended.end())
    await store('named', gathered.named.end())
    if (done.released > 0) {
      await reopenBatch(tx, batch)
      const named = codes === undefined ? null : [...codes].sort()
      await noteRelease(tx, batch, { actor, codes: named, reason, released: done.released })
      const details = { ...done, codes: named?.join(' ') ?? null, reason }
      await appendAudit(tx, { actor, action: 'batch.released', object: batch, details })
    }
    crash('release:before-commit')
    return done
  })
}

/** Takes held entries out of a chunk, its ledger and its reports; undefined when the source records are deleted. */
async function takeHeld(
  tx: PoolClient,
  vault: Vault,
  chunk: HeldChunk,
  lines: ReadonlySet<number>,
): Promise<RawEntry[] | undefined> {
  const entries = await readRaw(tx, vault, chunk)
  if (entries === undefined) return undefined
  const { released, kept } = partHeld(entries, lines)
  if (released.length !== lines.size)
    throw new Error(`${chunk.id} has ${released.length} of ${lines.size} held entries`)
  await unenterLines(tx, chunk.id, lines)
  const [first] = kept
  if (first === undefined) await deleteChunk(tx, chunk.id)
  else {
    await forgetFindings(tx, chunk.id, lines)
    const raw = await sealRaw(vault, chunk, packEntries(kept))
    const held = chunk.held - lines.size
    await shrinkChunk(tx, chunk.id, { firstLine: first.line, entries: kept.length, held, raw })
  }
  return released
}

async function storeChunk(
  tx: PoolClient,
  vault: Vault,
  chunk: { batch: BatchId; version: string; isReleased: boolean } & Of,
  entries: readonly RawEntry[],
): Promise<void> {
  const id = newId('chk')
  const raw = await sealRaw(vault, { id, platform: chunk.platform }, packEntries(entries))
  await insertReleased(tx, { ...chunk, id, firstLine: entries[0]?.line ?? 0, entries: entries.length, raw })
}
