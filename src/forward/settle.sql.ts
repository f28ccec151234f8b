import type { PoolClient } from 'pg'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { saveReport } from '../engine/report.sql.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { linesOf } from './compose.ts'
import { type Delivery, openPayload } from './delivery.sql.ts'
import { refusedFindings } from './findings.ts'
import type { RecordRefusal } from './receipt.ts'
import type { Attested } from './receipts/attest.ts'

/** A receiver's word on a delivery: who gave it, what it says, and the findings that its refusals make. */
export type Acknowledgement = { by: string; receipt: Attested; findings: readonly EntryFinding[] }

/** The findings of what was refused of a delivery; its bytes are opened only if something was. */
export async function refusalsOf(
  db: Db,
  vault: Pick<Vault, 'open'>,
  delivery: Delivery,
  refused: readonly RecordRefusal[],
): Promise<EntryFinding[]> {
  if (refused.length === 0) return []
  const bytes = await openPayload(db, vault, delivery)
  return bytes === undefined ? [] : refusedFindings(linesOf(bytes), refused, delivery.batch)
}

/** Marks a delivery acknowledged and reports its refusals; the first acknowledgement stays, a second changes nothing. */
export async function settleDelivery(
  tx: PoolClient,
  { id, chunk }: Pick<Delivery, 'id' | 'chunk'>,
  { by, receipt, findings }: Acknowledgement,
): Promise<void> {
  const { keyid = null, ...said } = receipt
  const { rows } = await tx.query<{ resends: number }>(sql`
    update delivery
    set state = 'acknowledged', acknowledged_at = now(), acknowledged_by = ${by}, receipt = ${JSON.stringify(said)},
      receipt_keyid = ${keyid}
    where id = ${id} and state = 'composed' returning resends`)
  const [settled] = rows
  // One that was sent again may have been refused before: what was found then is replaced, also by nothing.
  if (settled === undefined || (findings.length === 0 && settled.resends === 0)) return
  await saveReport(tx, chunk, 'forward', encodeReport(findings), countCodes(findings))
}
