import type { Figures } from '../io/observe/figures.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

/** Counts webhooks by state, what waits for those that are enabled, and the age of the oldest event that nobody has planned. */
export async function selectWebhookFigures(db: Db): Promise<Figures['webhooks']> {
  const { rows } = await db.query<Figures['webhooks']>(sql`
    select (count(*) filter (where disabled_at is null))::integer as enabled,
      (count(*) filter (where disabled_at is not null))::integer as disabled,
      (count(*) filter (where failures > 0 and disabled_at is null))::integer as failing,
      (select count(*)::integer from webhook_message where state = 'due') as due,
      (select coalesce(extract(epoch from now() - min(occurred_at)), 0)::float8 from event where planned_at is null)
        as "oldestSeconds"
    from webhook`)
  return rows[0] ?? { enabled: 0, disabled: 0, failing: 0, due: 0, oldestSeconds: 0 }
}
