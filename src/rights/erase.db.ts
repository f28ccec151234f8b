import type { Pool, PoolClient } from 'pg'
import type { ChunkId } from '../domain/ids.ts'
import { forgetErasedAgain, readErasedAgain } from '../engine/erase/again.sql.ts'
import { isAllKnownUpTo } from '../engine/erase/erase.sql.ts'
import { erasePage, erasePlaces } from '../engine/erase/erase-entries.db.ts'
import type { Sought } from '../engine/erase/holding.ts'
import type { SweepTask } from '../engine/sweep.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import { signerOf } from '../trust/keys/signing-keys.ts'
import { withIndexes } from '../trust/reindex/gate.db.ts'
import { signNote } from '../trust/tree/note.ts'
import { soughtPlace } from './erasure.db.ts'
import { endErasure, notePage, noteRound, type RunningErasure, startDestroying, takeRunning } from './erasure.sql.ts'
import { certificateOrigin, certificateText, type Remembered } from './erasure.ts'
import type { ErasureDeps } from './erasure-deps.ts'
import { forgetAsked } from './requests/forget.sql.ts'

// A chunk is a few megabytes; its row is locked while its page is destroyed.
const CHUNKS_AT_ONCE = 8
// The sweeper has other things to look after, too.
const PASS_MS = 1000

/**
 * Goes on with erasures, page by page: when the records are taken away, everything that was received before is known, and BPS has
 * acknowledged, what holds the person is destroyed. What a killed process leaves is gone on with.
 */
export function erasureTask(deps: ErasureDeps): SweepTask {
  return {
    name: 'erasures',
    everyMs: 1000,
    async run(db) {
      let done = await eraseAgain(db, deps)
      const waiting: string[] = []
      for (const end = performance.now() + PASS_MS; performance.now() < end; ) {
        const went = await inTransaction(db, async (tx) => {
          const erasure = await takeRunning(tx, waiting)
          if (erasure === undefined) return undefined
          const isOn = await step(tx, deps, erasure)
          deps.crash('erasure:before-commit')
          if (!isOn) waiting.push(erasure.id)
          return isOn
        })
        if (went === undefined) break
        if (went) done += 1
      }
      return done
    },
  }
}

/** One step of an erasure; false where it has to wait for others. */
async function step(tx: PoolClient, deps: ErasureDeps, erasure: RunningErasure): Promise<boolean> {
  if (erasure.state === 'taking') {
    if (!(await isAllKnownUpTo(tx, erasure.asOf))) return false
    await startDestroying(tx, erasure.id)
    return true
  }
  await withIndexes(tx, deps.vault)
  const remembered = openRemembered(deps, erasure)
  const page = await erasePage(tx, deps.vault, soughtOf(remembered), { after: erasure.cursor, limit: CHUNKS_AT_ONCE })
  const waiting = (erasure.cursor === '' ? 0 : erasure.waiting) + page.waiting
  if (page.next !== null) {
    await notePage(tx, erasure.id, { cursor: page.next, waiting, entries: page.entries })
    return true
  }
  const { subjects, families } = remembered
  const { destroyed, open } = await deps.erasureParts.destroyDeliveries(tx, [...subjects, ...families])
  if (waiting + open > 0) {
    await noteRound(tx, erasure.id, { entries: page.entries, deliveries: destroyed, waiting: waiting + open })
    return false
  }
  const sums = {
    records: erasure.records,
    entries: erasure.entries + page.entries,
    deliveries: erasure.deliveries + destroyed,
  }
  await finish(tx, deps, { ...erasure, ...sums }, remembered)
  return true
}

/** Destroys what is left in rows, signs the certificate and ends the erasure. */
async function finish(
  tx: PoolClient,
  { erasureParts, ring, publicUrl }: ErasureDeps,
  erasure: RunningErasure,
  { subjects, keys }: Remembered,
): Promise<void> {
  const results = await erasureParts.forgetResults(tx, subjects)
  await erasureParts.forgetVerdicts(tx, subjects)
  await erasureParts.forgetReviews(tx, keys)
  const { askedBy, confirmedBy } = erasure
  const ended = await forgetAsked(tx, subjects, { askedBy, confirmedBy: confirmedBy ?? 'titian' })
  for (const restriction of ended) await erasureParts.forgetRestricted(tx, restriction)
  const doneAt = new Date()
  const origin = certificateOrigin(publicUrl, erasure.id)
  const { records, entries, deliveries } = erasure
  const text = certificateText(origin, { ...erasure, results }, doneAt)
  const certificate = signNote(text, origin, signerOf(ring.deliveries, doneAt))
  await endErasure(tx, erasure.id, { records, entries, deliveries, results, doneAt, certificate })
  await appendAudit(tx, {
    actor: 'titian',
    action: 'erasure.done',
    object: erasure.id,
    details: { records, entries, deliveries, results },
  })
}

/** Destroys the entries that stated an erased person again, once their chunks are settled. */
async function eraseAgain(db: Pool, { vault, crash }: ErasureDeps): Promise<number> {
  let erased = 0
  let after = ''
  for (const end = performance.now() + PASS_MS; performance.now() < end; ) {
    const places = await readErasedAgain(db, after, CHUNKS_AT_ONCE)
    const last: ChunkId | undefined = places.at(-1)?.chunk
    if (last === undefined) break
    await inTransaction(db, async (tx) => {
      for (const chunk of await erasePlaces(tx, vault, places)) {
        await forgetErasedAgain(tx, chunk)
        erased += 1
      }
      crash('erasure:before-again')
    })
    after = last
  }
  return erased
}

function openRemembered({ vault }: Pick<ErasureDeps, 'vault'>, { id, sought }: RunningErasure): Remembered {
  return JSON.parse(vault.open(sought, soughtPlace(id)).toString('utf8'))
}

function soughtOf({ keys, places, numbers, subjects }: Remembered): Sought {
  return {
    keys: new Set(keys),
    places: new Set(places.map(({ batch, line }) => `${batch} ${line}`)),
    numbers,
    subjects,
  }
}
