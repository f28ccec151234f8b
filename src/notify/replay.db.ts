import type { Pool } from 'pg'
import { TitianError } from '../domain/error.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import { replayEvents } from './replay.sql.ts'
import { lockWebhook } from './webhook.sql.ts'

/** Events that one call sends again, at most. */
export const MOST_REPLAYED = 10_000

/**
 * Sends the events of a span of time again to a webhook of a platform, written down in the audit log. Throws `not-found` and
 * `webhook-disabled`.
 */
export function replayWebhook(
  db: Pool,
  { platform, name }: { platform: string; name: string },
  span: { from: Date; to: Date },
  actor: string,
): Promise<{ events: number; next: Date | null }> {
  return inTransaction(db, async (tx) => {
    const webhook = await lockWebhook(tx, platform, name)
    if (webhook === undefined) throw new TitianError('not-found')
    if (webhook.disabledAt !== null) throw new TitianError('webhook-disabled')
    const replayed = await replayEvents(tx, webhook, span, MOST_REPLAYED)
    const details = { from: span.from.toISOString(), to: span.to.toISOString(), events: replayed.events }
    await appendAudit(tx, { actor, action: 'webhook.replayed', object: webhook.id, details })
    return replayed
  })
}
