import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../domain/error.ts'
import type { GoldenLine } from '../domain/golden.ts'
import type { FamilyId, PersonId, ReviewId } from '../domain/ids.ts'
import { decodeClean } from '../engine/cleaned.ts'
import type { ClaimedChunk, Stage } from '../engine/stage.ts'
import { place, type Vault } from '../trust/vault.ts'
import { linesOfRecords } from './again.ts'
import type { BlockingRow } from './blocking.sql.ts'
import { OWN_DATASETS, OWN_PLATFORM } from './decision.sql.ts'
import { type Draw, drawer } from './draw.ts'
import type { Yardstick } from './evidence.ts'
import { linkAgain, linkChunk, linkDecision } from './link-chunk.sql.ts'
import {
  contentsOf,
  type Incoming,
  type Indexer,
  keysOf,
  type Prepared,
  prepare,
  rememberingIndexer,
} from './prepare.ts'
import { areEarlierChunksOpen, countChanges, type KeyRow, lookUpKeys, readCleaned } from './read.sql.ts'
import { openRecord } from './source.sql.ts'
import type { Index } from './subject.ts'
import type { Survivorship } from './survivorship.ts'

/** `Composed` is whatever the forward stage makes of golden lines; linking only hands it on. */
export type LinkDeps<Composed> = {
  db: Pool
  vault: Vault
  survivorship: Survivorship
  yardstick: Yardstick
  newPerson: () => PersonId
  newFamily: () => FamilyId
  newReview: () => ReviewId
  /** Told how many blocks of a chunk were too large to be compared. */
  noteCrowded: (blocks: number) => void
  /** Packs the golden records of a chunk into a delivery, without touching the database. */
  compose: (chunk: ClaimedChunk, lines: readonly GoldenLine[]) => Composed
  /** Stores the delivery in the transaction that links the chunk. */
  deliver: (tx: PoolClient, chunk: ClaimedChunk, composed: Composed) => Promise<void>
}

const SECONDS_UNTIL_EARLIER_CHUNKS = 1

/** Finds out who each record of a chunk is about, merges what is known of them, and composes what BPS is told. */
export function linkStage<Composed>(deps: LinkDeps<Composed>): Stage {
  const { db, vault } = deps
  return {
    name: 'link',
    from: 'clean',
    run: async (chunk) => {
      const index: Indexer = rememberingIndexer((purpose, value) => vault.index(purpose, value).toString('hex'))
      const open = (key: Index, platform: string, sealed: Buffer) => openRecord({ key, platform, sealed }, vault)
      if (chunk.platform === OWN_PLATFORM && chunk.dataset === OWN_DATASETS.decision) {
        return { is: 'done', save: (tx) => linkDecision(tx, deps, chunk, { index, open }) }
      }
      const cleaned = await readCleaned(db, chunk.id)
      if (cleaned === undefined) throw new TitianError('sealed-invalid', `${chunk.id} has no cleaned entries any more`)
      const opened = vault.open(cleaned, place(chunk.platform, 'chunk', chunk.id, 'cleaned'))
      if (chunk.platform === OWN_PLATFORM) {
        const lines = linesOfRecords(decodeClean(opened))
        return { is: 'done', save: (tx) => linkAgain(tx, deps, chunk, { lines, index, open }) }
      }
      const entries = prepare(decodeClean(opened), chunk, index)
      const changes = await countChanges(db)
      const rows = await lookUpKeys(db, keysOf(entries), contentsOf(entries))
      if (await mustWait(db, chunk, rows)) return { is: 'later', seconds: SECONDS_UNTIL_EARLIER_CHUNKS }
      const seal = sealAhead(vault, chunk.platform, entries, rows)
      const draw = drawer(deps.yardstick.model, chunk, index)
      const blocking = keysAhead(entries, rows, draw)
      return {
        is: 'done',
        save: (tx) =>
          linkChunk(tx, deps, chunk, { entries, ahead: { changes, rows }, index, seal, open, draw, blocking }),
      }
    },
  }
}

/** A key that came twice before waits for the earlier lines of its batch: the first line decides, however chunks are worked. */
async function mustWait(db: Pool, chunk: ClaimedChunk, rows: readonly KeyRow[]): Promise<boolean> {
  const isDoubtful = rows.some(
    ({ subject, twinBatch }) => subject !== null && twinBatch !== null && twinBatch !== chunk.batch,
  )
  return isDoubtful && (await areEarlierChunksOpen(db, chunk.batch, chunk.firstLine))
}

/** The blocking keys of persons' records that are not known yet. */
function keysAhead(entries: readonly Prepared[], rows: readonly KeyRow[], draw: Draw): BlockingRow[] {
  const known = new Set(rows.map(({ at }) => at))
  const keys: BlockingRow[] = []
  let at = 0
  for (const { records } of entries) {
    for (const incoming of records) {
      if (known.has(at++) || incoming.record.level !== 'individu') continue
      for (const key of draw(incoming).keys.stored) keys.push({ key, record: incoming.key })
    }
  }
  return keys
}

/** Seals what has changed as far as one can see before the lock; the rest, if another worker was faster, under it. */
function sealAhead(
  vault: Vault,
  platform: string,
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
): (incoming: Incoming) => Buffer {
  const seal = ({ key, text }: Incoming) =>
    vault.seal(Buffer.from(text), place(platform, 'source_record', key, 'record'))
  const unchanged = new Set<number>()
  for (const { at, subject } of rows) if (subject === null) unchanged.add(at)
  const sealed = new Map<Incoming, Buffer>()
  let at = 0
  for (const { records } of entries) {
    for (const incoming of records) if (!unchanged.has(at++)) sealed.set(incoming, seal(incoming))
  }
  return (incoming) => sealed.get(incoming) ?? seal(incoming)
}
