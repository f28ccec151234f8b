import type { Pool } from 'pg'
import { TitianError } from '../domain/error.ts'
import { STAGE } from '../domain/states.ts'
import { readCleaned } from '../engine/chunks/content.sql.ts'
import { areEarlierChunksOpen } from '../engine/chunks/order.sql.ts'
import type { ClaimedChunk, Stage } from '../engine/stage.ts'
import { isWithdrawalAhead } from '../engine/withdrawals/order.sql.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { hiddenNumbers } from '../trust/keys/hidden-number.ts'
import { drawer } from './block/features-of-chunk.ts'
import { linesOfRecords } from './persons/relink.ts'
import { claimOwn } from './resolve/ahead/claim.db.ts'
import { storedStates } from './resolve/entries/stored-states.ts'
import { linkChunk, planChunk, unlessBroken } from './resolve/link-chunk.db.ts'
import type { ChunkContent, LinkDeps } from './resolve/link-deps.db.ts'
import { linkDecision, relinkChunk, retellChunk } from './resolve/own-chunks.db.ts'
import { dropClaims } from './subjects/claims.sql.ts'
import type { KeyRow } from './subjects/key-row.ts'
import { countChanges } from './subjects/marks.sql.ts'
import {
  type IncomingRecord,
  type Indexer,
  prepare,
  recordContentsOf,
  recordKeysOf,
  rememberingIndexer,
} from './subjects/prepare.ts'
import { openRecord, sealRecord } from './subjects/sealed-record/open-record.db.ts'
import type { Index } from './subjects/subject.ts'
import { lookUpKeys } from './subjects/subjects.sql.ts'
import { withdrawChunk } from './withdraw/withdraw-chunk.db.ts'

const SECONDS_UNTIL_EARLIER_CHUNKS = 1

/** The link stage: finds the person or family of each record, merges golden records, and composes what BPS is told. */
export function linkStage<Composed>(deps: LinkDeps<Composed>): Stage {
  const { db, vault } = deps
  return {
    ...STAGE.link,
    probe: () => inTransaction(db, deps.lock),
    run: async (chunk, signal) => {
      const index: Indexer = rememberingIndexer((purpose, value) => vault.indexText(purpose, value))
      const open = (key: Index, platform: string, sealed: Buffer) => openRecord({ key, platform, sealed }, vault)
      const numbers = hiddenNumbers(index)
      const access = { index, open, numbers }
      if (chunk.kind === 'decision') {
        return { is: 'done', save: (tx) => linkDecision(tx, deps, chunk, access) }
      }
      if (chunk.kind === 'withdrawal') {
        return { is: 'done', save: (tx) => withdrawChunk(tx, deps, chunk, access) }
      }
      const cleaned = await readCleaned(db, vault, chunk)
      if (cleaned === undefined) throw new TitianError('sealed-invalid', `${chunk.id} has no cleaned entries any more`)
      if (chunk.kind === 'relink') {
        const recordLines = linesOfRecords(cleaned)
        return { is: 'done', save: (tx) => relinkChunk(tx, deps, chunk, { recordLines, ...access }) }
      }
      if (chunk.kind === 'restriction') {
        const recordLines = linesOfRecords(cleaned)
        return { is: 'done', save: (tx) => retellChunk(tx, deps, chunk, { recordLines, ...access }) }
      }
      if (await isWithdrawalAhead(db, chunk)) return { is: 'later', seconds: SECONDS_UNTIL_EARLIER_CHUNKS }
      const entries = prepare(cleaned, chunk, index)
      const draw = drawer(deps.scoringModel.model, chunk, index)
      const seal = ({ key, text }: IncomingRecord) => sealRecord({ key, platform: chunk.platform, text }, vault)
      const content = { ...access, entries, lastDay: tomorrow(), seal, draw }
      // The chunks of a strict batch are saved in one transaction: none can be worked before the one ahead of it is.
      if (chunk.isStrict) return { is: 'done', save: (tx) => linkChunk(tx, deps, chunk, content, undefined) }
      const ahead = await readAhead(db, chunk, { entries, index }, signal)
      if (await mustWait(db, chunk, ahead.rows)) {
        await dropClaims(db, [chunk.id])
        return { is: 'later', seconds: SECONDS_UNTIL_EARLIER_CHUNKS }
      }
      const stored = storedStates(entries, ahead.rows, chunk, { model: deps.scoringModel.model, draw, open })
      const plan = await inTransaction(db, (tx) => planChunk(tx, deps, chunk, content, { ...ahead, stored })).catch(
        unlessBroken,
      )
      return { is: 'done', save: (tx) => linkChunk(tx, deps, chunk, content, plan) }
    },
  }
}

/** How the keys of a chunk stand when nobody else is about to insert one of them. */
async function readAhead(
  db: Pool,
  chunk: ClaimedChunk,
  { entries, index }: Pick<ChunkContent, 'entries' | 'index'>,
  signal: AbortSignal,
): Promise<{ upTo: string; rows: KeyRow[] }> {
  const read = async () => {
    const upTo = await countChanges(db)
    return { upTo, rows: await lookUpKeys(db, recordKeysOf(entries), recordContentsOf(entries)) }
  }
  const ahead = await read()
  const hasWaited = await claimOwn(db, chunk, { entries, rows: ahead.rows, index }, signal)
  return hasWaited ? read() : ahead
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
