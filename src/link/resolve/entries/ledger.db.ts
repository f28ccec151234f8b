import type { PoolClient } from 'pg'
import { hasNewerBatch, readOvertaken, readSeen } from '../../../engine/chunks/order.sql.ts'
import type { ClaimedChunk } from '../../../engine/stage.ts'
import type { LaterWithdrawals } from '../../../engine/withdrawals/order.sql.ts'
import { isAnybodyErased, lookUpErased } from '../../subjects/erased/erased.sql.ts'
import { erasedIndex, numbersOf, statesErased } from '../../subjects/erased/erased.ts'
import type { KeyRow } from '../../subjects/key-row.ts'
import type { Indexer, Prepared } from '../../subjects/prepare.ts'
import type { Index } from '../../subjects/subject.ts'
import { lookUpWithdrawn } from '../../subjects/withdrawal.sql.ts'
import type { LedgerView } from './key-states.ts'

/** Reads what the ledger says about the entries that changed something known; nothing is asked about the others. */
export async function readLedgerView(
  tx: PoolClient,
  chunk: ClaimedChunk,
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
  { lastDay, later, index }: { lastDay: string; later: LaterWithdrawals; index: Indexer },
): Promise<LedgerView> {
  const { batch, receiptOrder } = chunk
  const changed = changedEntries(entries, rows)
  const seen = await readSeen(tx, batch, changed)
  const isOvertaken = changed.length > 0 && (await hasNewerBatch(tx, chunk))
  return {
    batch,
    lastDay,
    order: BigInt(receiptOrder),
    isBeforeSnapshot: later.snapshot,
    withdrawn: later.withdrawal ? await readWithdrawn(tx, receiptOrder, entries, rows) : new Set(),
    erased: (await isAnybodyErased(tx)) ? await readErased(tx, entries, rows, index) : new Set(),
    seen: new Map(seen.map(({ key, line }) => [key, line])),
    overtaken: new Set(isOvertaken ? await readOvertaken(tx, receiptOrder, changed) : []),
  }
}

/** The keys of the new or changed records that state an erased person; what is stored unchanged states nobody who was erased. */
async function readErased(
  tx: PoolClient,
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
  index: Indexer,
): Promise<Set<Index>> {
  const unchanged = new Set(rows.flatMap(({ at, subject }) => (subject === null ? [at] : [])))
  const stating = entries
    .flatMap(({ records }) => records)
    .filter((_, at) => !unchanged.has(at))
    .map(({ key, record }) => ({ key, numbers: numbersOf(record).map((number) => erasedIndex(number, index)) }))
  const names = new Set(stating.flatMap(({ key, numbers }) => [key, ...numbers]))
  const erased = new Map((await lookUpErased(tx, [...names])).map((one) => [one.index, one]))
  return new Set(stating.filter((one) => statesErased(one, erased)).map(({ key }) => key))
}

/** What a later withdrawal took away of the records that are not known. */
function readWithdrawn(
  tx: PoolClient,
  receiptOrder: string,
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
): Promise<Set<Index>> {
  const known = new Set(rows.map(({ at }) => at))
  const [records, keys]: [Index[], Set<Index>] = [[], new Set()]
  let at = 0
  for (const { key, records: brought } of entries) {
    const unknown = brought.filter(() => !known.has(at++))
    records.push(...unknown.map((record) => record.key))
    if (unknown.length > 0 && key !== null) keys.add(key)
  }
  return lookUpWithdrawn(tx, receiptOrder, { records, entries: [...keys] })
}

/** Keys of the entries with a record that is stored with other content. */
function changedEntries(entries: readonly Prepared[], rows: readonly KeyRow[]): Index[] {
  const changed = new Set<number>()
  for (const { at, subject } of rows) if (subject !== null) changed.add(at)
  if (changed.size === 0) return []
  const keys: Index[] = []
  let at = 0
  for (const { key, records } of entries) {
    const first = at
    at += records.length
    if (key !== null && records.some((_, i) => changed.has(first + i))) keys.push(key)
  }
  return keys
}
