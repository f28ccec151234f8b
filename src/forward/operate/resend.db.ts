import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import { reopenChunks, reopenDelivered } from '../../engine/reopen.sql.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { lastPosition } from '../delivery.sql.ts'
import { parseFeedCursor } from '../feed.ts'
import { feedEpoch } from '../feed-epoch.sql.ts'
import { placedFrom, reopenDeliveries } from './resend.sql.ts'

export type ResendDeps = { db: Pool; vault: Pick<Vault, 'seal'> }
export type ResendOrder = { from: string; to?: string; reason: string; actor: string }

/** What one call made of an order. `gone` names deliveries whose bytes are destroyed; `next` is where the next call goes on, null at the end. */
export type Resent = { resent: number; open: number; gone: string[]; next: string | null }

/** Deliveries that one call looks at, at most, each two hundred in a transaction of their own. */
const PAGE = 200
const MOST = 2000

/**
 * Sends acknowledged deliveries from a position of the feed on again, for a receiver that was restored to an older copy. They
 * are the same bytes under the same ids: what the receiver still has, has no effect again. Throws `feed-renewed` for a position
 * of another feed.
 */
export async function resendDeliveries({ db, vault }: ResendDeps, order: ResendOrder): Promise<Resent> {
  const first = await placeOf(db, order.from)
  const last = order.to === undefined ? await lastPosition(db) : await placeOf(db, order.to)
  const reason = sealReason(vault, order.reason)
  const done: Resent = { resent: 0, open: 0, gone: [], next: first }
  for (let seen = 0; seen < MOST && done.next !== null; seen += PAGE) {
    const from: string = done.next
    await inTransaction(db, async (tx) => {
      done.next = await resendPage(tx, { ...order, from, to: last, reason }, done)
    })
  }
  return done
}

async function resendPage(
  tx: PoolClient,
  { from, to, reason, actor }: Required<ResendOrder>,
  done: Resent,
): Promise<string | null> {
  const placed = await placedFrom(tx, from, to, PAGE)
  const acknowledged = placed.filter(({ state }) => state === 'acknowledged')
  const kept = acknowledged.filter(({ isKept }) => isKept)
  const chunks = await reopenChunks(
    tx,
    kept.map(({ chunk }) => chunk),
  )
  await reopenDelivered(tx, await reopenDeliveries(tx, chunks, { by: actor, reason }))
  const end = placed.at(-1)?.position
  if (chunks.length > 0) {
    const details = { from, to: end ?? to, deliveries: chunks.length, reason }
    await appendAudit(tx, { actor, action: 'deliveries.resent', object: await feedEpoch(tx), details })
  }
  done.resent += chunks.length
  done.open += placed.length - acknowledged.length
  done.gone.push(...acknowledged.filter(({ isKept }) => !isKept).map(({ id }) => id))
  return placed.length < PAGE || end === undefined ? null : String(BigInt(end) + 1n)
}

/** The position that a text names; one with the epoch of another feed means nothing here. */
async function placeOf(db: Pool, text: string): Promise<string> {
  const { epoch, position } = parseFeedCursor(text)
  if (epoch === '' || epoch === (await feedEpoch(db))) return position
  throw new TitianError('feed-renewed', undefined, { places: [{ pointer: '/body/from', code: 'feed-renewed' }] })
}
