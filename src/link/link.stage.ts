import type { Pool } from 'pg'
import { TitianError } from '../domain/error.ts'
import { STAGE } from '../domain/states.ts'
import { readCleaned } from '../engine/chunks/content.sql.ts'
import { areEarlierChunksOpen } from '../engine/chunks/order.sql.ts'
import type { ClaimedChunk, Stage } from '../engine/stage.ts'
import { isWithdrawalAhead } from '../engine/withdrawals/order.sql.ts'
import { aad, type Vault } from '../trust/keys/vault.ts'
import { type Draw, drawer } from './block/features-of-chunk.ts'
import { linesOfRecords } from './persons/relink.ts'
import { storedStates } from './resolve/entries/stored-states.ts'
import { linkChunk, linkDecision, relinkChunk } from './resolve/link-chunk.db.ts'
import type { LinkDeps } from './resolve/link-deps.db.ts'
import type { BlockingRow } from './subjects/blocking.sql.ts'
import type { KeyRow } from './subjects/key-row.ts'
import { openRecord } from './subjects/open-record.db.ts'
import {
  type IncomingRecord,
  type Indexer,
  type Prepared,
  prepare,
  recordContentsOf,
  recordKeysOf,
  rememberingIndexer,
} from './subjects/prepare.ts'
import type { Index } from './subjects/subject.ts'
import { countChanges, lookUpKeys } from './subjects/subjects.sql.ts'
import { withdrawChunk } from './withdraw/withdraw-chunk.db.ts'

const SECONDS_UNTIL_EARLIER_CHUNKS = 1

/** The link stage: finds the person or family of each record, merges golden records, and composes what BPS is told. */
export function linkStage<Composed>(deps: LinkDeps<Composed>): Stage {
  const { db, vault } = deps
  return {
    ...STAGE.link,
    run: async (chunk) => {
      const index: Indexer = rememberingIndexer((purpose, value) => vault.indexText(purpose, value))
      const open = (key: Index, platform: string, sealed: Buffer) => openRecord({ key, platform, sealed }, vault)
      if (chunk.kind === 'decision') {
        return { is: 'done', save: (tx) => linkDecision(tx, deps, chunk, { index, open }) }
      }
      if (chunk.kind === 'withdrawal') {
        return { is: 'done', save: (tx) => withdrawChunk(tx, deps, chunk, { index, open }) }
      }
      const cleaned = await readCleaned(db, vault, chunk)
      if (cleaned === undefined) throw new TitianError('sealed-invalid', `${chunk.id} has no cleaned entries any more`)
      if (chunk.kind === 'relink') {
        const recordLines = linesOfRecords(cleaned)
        return { is: 'done', save: (tx) => relinkChunk(tx, deps, chunk, { recordLines, index, open }) }
      }
      if (await isWithdrawalAhead(db, chunk)) return { is: 'later', seconds: SECONDS_UNTIL_EARLIER_CHUNKS }
      const entries = prepare(cleaned, chunk, index)
      const lastDay = tomorrow()
      const changes = await countChanges(db)
      const rows = await lookUpKeys(db, recordKeysOf(entries), recordContentsOf(entries))
      // A strict batch is linked in the order of its lines anyway.
      if (!chunk.isStrict && (await mustWait(db, chunk, rows)))
        return { is: 'later', seconds: SECONDS_UNTIL_EARLIER_CHUNKS }
      const draw = drawer(deps.scoringModel.model, chunk, index)
      const stored = storedStates(entries, rows, chunk, { model: deps.scoringModel.model, draw, open })
      const seal = sealAhead(vault, chunk.platform, entries, rows)
      const blocking = keysAhead(entries, rows, draw)
      return {
        is: 'done',
        save: (tx) =>
          linkChunk(tx, deps, chunk, {
            entries,
            ahead: { changes, rows, stored },
            lastDay,
            index,
            seal,
            open,
            draw,
            blocking,
          }),
      }
    },
  }
}

/** In Jayapura the day begins nine hours before that of UTC. */
function tomorrow(): string {
  return new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
}

/** Whether the chunk has to wait for the earlier lines of its batch. A key that has had a conflict does: the first line decides, in whatever order chunks are worked. */
async function mustWait(db: Pool, chunk: ClaimedChunk, rows: readonly KeyRow[]): Promise<boolean> {
  const isDoubtful = rows.some(
    ({ subject, conflictBatch }) => subject !== null && conflictBatch !== null && conflictBatch !== chunk.batch,
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
      if (known.has(at++) || incoming.level !== 'individu') continue
      for (const key of draw(incoming).keys.stored) keys.push({ key, record: incoming.key })
    }
  }
  return keys
}

/** Seals the records that have changed, before the lock is taken. If another worker was faster, the rest is sealed under the lock. */
function sealAhead(
  vault: Vault,
  platform: string,
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
): (incoming: IncomingRecord) => Buffer {
  const seal = ({ key, text }: IncomingRecord) =>
    vault.seal(Buffer.from(text), aad(platform, 'source_record', key, 'record'))
  const unchanged = new Set<number>()
  for (const { at, subject } of rows) if (subject === null) unchanged.add(at)
  const sealed = new Map<IncomingRecord, Buffer>()
  let at = 0
  for (const { records } of entries) {
    for (const incoming of records) if (!unchanged.has(at++)) sealed.set(incoming, seal(incoming))
  }
  return (incoming) => sealed.get(incoming) ?? seal(incoming)
}
