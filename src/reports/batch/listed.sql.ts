import type { BatchId } from '../../domain/ids.ts'
import { type BatchState, KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'

/** Which batches are asked for; null: whatever. Moments are those at which they began to come. */
export type BatchFilter = {
  platform: string | null
  dataset: string | null
  state: BatchState | null
  from: Date | null
  to: Date | null
  /** Only those that hold back entries which no later batch has corrected. */
  isHolding: boolean
}

/** The ids of such batches, the newest first; those after one when it is given. */
export async function selectBatchIds(
  db: Db,
  { platform, dataset, state, from, to, isHolding }: BatchFilter,
  { after, limit }: { after: string | null; limit: number },
): Promise<BatchId[]> {
  const { rows } = await db.query<{ id: BatchId }>(
    gatheredFirst(
      sql`
    select id from batch b
    where (${platform}::text is null or platform = ${platform}) and (${dataset}::text is null or dataset = ${dataset})
      and (${state}::text is null or state = ${state}) and (${after}::text is null or id < ${after})
      and (${from}::timestamptz is null or created_at >= ${from}) and (${to}::timestamptz is null or created_at < ${to})
      and (not ${isHolding}::boolean or
        (select coalesce(sum(held), 0) from chunk c where c.batch = b.id and c.state = any(${KNOWN}))
        > (select count(*) from entry e where e.batch = b.id and e.corrected_by is not null and e.outcome = 'held'))
    order by id desc limit ${limit}`,
      {
        entry: `select batch, outcome, corrected_by from public.entry where corrected_by is not null and outcome = 'held' and $13::boolean`,
      },
    ),
  )
  return rows.map(({ id }) => id)
}
