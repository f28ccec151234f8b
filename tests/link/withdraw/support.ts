import type { Pool } from 'pg'
import type { DeliveryLine, WithdrawnLine } from '../../../src/domain/golden.ts'
import type { BatchId, ChunkId, SubjectId } from '../../../src/domain/ids.ts'
import type { WithdrawalReason } from '../../../src/domain/withdrawal.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { withdrawBatch, withdrawRecord } from '../../../src/link/withdraw/request.db.ts'
import { correction, link, vault } from '../support.ts'

const PLATFORM = 'carik-jakarta'
const WISH = { reason: 'mistaken' as WithdrawalReason, by: 'client' }

type Record = { key: string; dataset?: string; platform?: string }

/** Asks for a record to be withdrawn; the batch waits to be linked. */
export function askRecord(db: Pool, { key, dataset = 'carik', platform = PLATFORM }: Record): Promise<BatchId> {
  const deps = { db, vault, readingsOfKey: (written: string) => [written], crash: () => undefined }
  return withdrawRecord(deps, { platform, dataset, key }, WISH)
}

/** Asks for a batch to be withdrawn. */
export function askBatch(db: Pool, batch: BatchId, platform = PLATFORM): Promise<BatchId> {
  return withdrawBatch({ db, crash: () => undefined }, { batch, platform }, WISH)
}

type Done = { states: string[]; lines: DeliveryLine[]; followed: SubjectId[] }

/** Links every chunk of a withdrawal that is not linked yet; gives what BPS is told. */
export async function linkWithdrawal(db: Pool, batch: BatchId): Promise<Done> {
  const { rows } = await db.query<{ id: ChunkId }>(sql`
    select id from chunk where batch = ${batch} and state = ${'clean'} order by first_line`)
  const [states, lines, followed]: [string[], DeliveryLine[], SubjectId[]] = [[], [], []]
  for (const { id } of rows) {
    const done = await link(db, await correction(db, { batch, chunk: id }))
    states.push(done.state)
    lines.push(...done.told)
    followed.push(...done.followed)
  }
  return { states, lines, followed }
}

/** Withdraws a record and links the withdrawal. */
export async function withdraw(db: Pool, record: Record) {
  const batch = await askRecord(db, record)
  return { batch, ...(await linkWithdrawal(db, batch)) }
}

/** The lines that say a subject is withdrawn. */
export function withdrawnOf(lines: readonly DeliveryLine[]): WithdrawnLine[] {
  return lines.filter((line): line is WithdrawnLine => 'kind' in line && line.kind === 'withdrawn')
}

/** How many rows a table holds. */
export async function countRows(db: Pool, table: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>(`select count(*)::integer as n from ${table}`)
  return rows[0]?.n ?? -1
}
