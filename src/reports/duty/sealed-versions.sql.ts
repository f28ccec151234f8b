import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

// The oldest rows lie first in their tables: those are the ones whose key may be missing.
const ROWS = 2000

/** Versions of the keys that records, chunks, deliveries and webhooks are sealed under, by some rows of each. */
export async function selectSealedVersions(db: Db): Promise<number[]> {
  const { rows } = await db.query<{ version: number }>(sql`
    with sealed as (
      (select sealed as bytes from source_record limit ${ROWS})
      union all (select coalesce(raw, cleaned) from chunk where raw is not null or cleaned is not null limit ${ROWS})
      union all (select payload from delivery where payload is not null limit ${ROWS})
      union all (select secret from webhook limit ${ROWS}))
    select distinct get_byte(bytes, 1) * 256 + get_byte(bytes, 2) as version
    from sealed where length(bytes) > 3 and get_byte(bytes, 0) = 1 order by 1`)
  return rows.map(({ version }) => version)
}
