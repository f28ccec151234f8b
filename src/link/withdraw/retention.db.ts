import type { Pool, PoolClient } from 'pg'
import type { BatchId } from '../../domain/ids.ts'
import type { SweepTask } from '../../engine/sweep.ts'
import { isPushOpen, readPushesBefore, readStatedSince } from '../../engine/withdrawals/retention.sql.ts'
import { closeWithdrawalBatch, openWithdrawalBatch, readAsOf } from '../../engine/withdrawals/withdrawal-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Index } from '../subjects/subject.ts'
import { insertTargets, insertWithdrawal, readRecordsAfter } from '../subjects/withdrawal.sql.ts'

/** So many days records of a dataset are kept that a platform does not push any more. */
type Retention = { platform: string; dataset: string; days: number }

export type RetentionDeps = { retentions(): readonly Retention[]; crash(point: string): void }

const HOUR_MS = 3_600_000
const PAGE = 2000
const START = { batch: '', line: 0 }

/**
 * Takes out, once an hour, what an agreement lets be kept no longer: records that were not pushed for so many days, by a withdrawal with
 * the reason `retention`, which BPS is told of like of any other. A subject without another source is withdrawn.
 */
export function retentionTask({ retentions, crash }: RetentionDeps): SweepTask {
  return {
    name: 'retention',
    everyMs: HOUR_MS,
    async run(db) {
      let taken = 0
      for (const retention of retentions()) taken += await expire(db, retention, crash)
      return taken
    },
  }
}

/** Goes through the old records of a dataset page by page; what a killed process leaves is found again. */
async function expire(db: Pool, retention: Retention, crash: RetentionDeps['crash']): Promise<number> {
  const { platform, dataset, days } = retention
  // A push that is not linked yet may state again what seems stated no more.
  if (await isPushOpen(db, platform, dataset)) return 0
  const { batches, upTo } = await readPushesBefore(db, retention)
  if (upTo === null) return 0
  let taken = 0
  for (let after: typeof START | undefined = START; after !== undefined; ) {
    const page = await readRecordsAfter(db, batches, after, PAGE)
    const kept = page.filter(({ isLeaving }) => !isLeaving)
    const stated = new Set((await readStatedSince(db, kept, days)).map(placeOf))
    const old = kept.filter((record) => !stated.has(placeOf(record)))
    if (old.length > 0) await inTransaction(db, (tx) => withdraw(tx, retention, { old, upTo, crash }))
    taken += old.length
    after = page.length < PAGE ? undefined : page.at(-1)
  }
  return taken
}

async function withdraw(
  tx: PoolClient,
  { platform, dataset, days }: Retention,
  {
    old,
    upTo,
    crash,
  }: { old: readonly { key: Index; batch: BatchId; line: number }[]; upTo: string } & Pick<RetentionDeps, 'crash'>,
): Promise<void> {
  const of = { id: newId('bat'), platform, dataset }
  const places = [...new Set(old.map(placeOf))]
  const lineOf = new Map(places.map((place, at) => [place, at + 1]))
  await openWithdrawalBatch(tx, of)
  const wish = { platform, dataset, reason: 'retention', about: null, named: null, requestedBy: 'titian' } as const
  await insertWithdrawal(tx, { batch: of.id, ...wish })
  await closeWithdrawalBatch(tx, of, { entries: places.length, asOf: upTo, newChunk: () => newId('chk') })
  const targets = old.map((record) => ({
    line: lineOf.get(placeOf(record)) ?? 1,
    entry: null,
    record: record.key,
    isWhole: false,
  }))
  await insertTargets(tx, of.id, await readAsOf(tx, of.id), targets)
  const shown = { platform, dataset, days, records: old.length }
  await appendAudit(tx, { actor: 'titian', action: 'records.expired', object: of.id, shown })
  crash('retention:before-commit')
}

function placeOf({ batch, line }: { batch: string; line: number }): string {
  return `${batch} ${line}`
}
