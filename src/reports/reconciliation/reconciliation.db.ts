import type { Pool } from 'pg'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { openRecord } from '../../link/subjects/sealed-record/open-record.db.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { countDelivered } from './delivered.sql.ts'
import {
  isUnsentList,
  type ListItem,
  type ReconciliationList,
  type SentList,
  sentListOf,
  type UnsentList,
} from './lists.ts'
import {
  type Asked,
  countDuplicates,
  countSent,
  countUnsent,
  readSent,
  readUnsent,
  type SentRow,
} from './reconciliation.sql.ts'
import { type Totals, totalsOf } from './totals.ts'

export type ReconciliationDeps = { db: Pool; vault: Pick<Vault, 'open'> }

/** A page of a list: `next` is where it goes on, null at the end. A page may be short, or empty, and still have a next one. */
export type ReconciledPage = { items: ListItem[]; next: string | null }

/** Records that are looked at for one page, at most: a list of few among many is read in many short pages. */
const LOOKED_AT = 10_000
const TOTAL_SECONDS = 60
/** What BPS says of those that are on a list of the unsent. */
const STATUS_OF: Record<UnsentList, 'moved' | 'active'> = { 'moved-in': 'moved', 'never-sent': 'active' }

/** Counts what was sent and what BPS says of it; sent is the sum of its lists. All counts are of one moment. */
export function readTotals({ db }: Pick<ReconciliationDeps, 'db'>, asked: Asked): Promise<Totals> {
  return inTransaction(db, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only')
    await tx.query(`set local statement_timeout = '${TOTAL_SECONDS}s'`)
    const sent = await countSent(tx, asked)
    const duplicates = await countDuplicates(tx, asked)
    const movedIn = await countUnsent(tx, asked, STATUS_OF['moved-in'])
    const neverSent = await countUnsent(tx, asked, STATUS_OF['never-sent'])
    const deliveries = await countDelivered(tx, asked.platform, asked.quarter)
    return totalsOf(sent, { duplicates, movedIn, neverSent, deliveries })
  })
}

/** Reads the next page of a list; `after` is the `next` of the page before, '' for the first. */
export function readReconciledList(
  deps: ReconciliationDeps,
  asked: Asked,
  list: ReconciliationList,
  { after, limit }: { after: string; limit: number },
): Promise<ReconciledPage> {
  if (list === 'duplicates') return duplicatesPage(deps, asked, after, limit)
  return isUnsentList(list) ? unsentPage(deps, asked, list, after, limit) : sentPage(deps, asked, list, after, limit)
}

async function sentPage(
  { db, vault }: ReconciliationDeps,
  asked: Asked,
  list: SentList,
  after: string,
  limit: number,
): Promise<ReconciledPage> {
  const rows = await readSent(db, asked, placeOf(after), LOOKED_AT)
  const items: ListItem[] = []
  for (const row of rows) {
    if (sentListOf(row.result, asked.scope) !== list) continue
    items.push({ dataset: row.dataset, key: openRecord(row, vault).key, same_as: [], result: row.result })
    if (items.length === limit) return { items, next: textOf(row) }
  }
  const last = rows.at(-1)
  return { items, next: rows.length < LOOKED_AT || last === undefined ? null : textOf(last) }
}

async function duplicatesPage(
  { db, vault }: ReconciliationDeps,
  asked: Asked,
  after: string,
  limit: number,
): Promise<ReconciledPage> {
  const rows = await readSent(db, asked, placeOf(after), LOOKED_AT)
  const groups = [...Map.groupBy(rows, ({ subject }) => subject).values()]
  // The records of the last subject may go on behind the page: they come with the next one.
  const isCut = rows.length === LOOKED_AT && groups.length > 1
  const whole = isCut ? groups.slice(0, -1) : groups
  const items: ListItem[] = []
  let end: SentRow | undefined
  for (const group of whole) {
    for (const records of Map.groupBy(group, ({ dataset }) => dataset).values()) {
      if (records.length < 2) continue
      const [key = '', ...others] = records.map((record) => openRecord(record, vault).key)
      items.push({ dataset: records[0]?.dataset ?? null, key, same_as: others, result: records[0]?.result ?? null })
    }
    end = group.at(-1)
    if (items.length >= limit) break
  }
  const isEnd = end === undefined || (!isCut && end === rows.at(-1))
  return { items, next: isEnd ? null : textOf(end as SentRow) }
}

async function unsentPage(
  { db }: ReconciliationDeps,
  asked: Asked,
  list: UnsentList,
  after: string,
  limit: number,
): Promise<ReconciledPage> {
  const [region = '', tie = ''] = after.split('.')
  const rows = await readUnsent(db, asked, { status: STATUS_OF[list], after: { region, tie }, most: limit })
  const last = rows.at(-1)
  return {
    items: rows.map(({ tie: _, ...result }) => ({ dataset: null, key: null, same_as: [], result })),
    next: rows.length < limit || last === undefined ? null : `${last.region}.${last.tie}`,
  }
}

function placeOf(after: string): { subject: string; key: string } {
  const [subject = '', key = ''] = after.split('.')
  return { subject, key }
}

function textOf({ subject, key }: Pick<SentRow, 'subject' | 'key'>): string {
  return `${subject}.${key}`
}
