import { STAGES } from '../../domain/states.ts'
import type { DutyFigures } from '../../io/observe/figures.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** How long ago a marker last came through the queue of each stage and lane, in the order of the stages; seconds. */
export async function selectCanaries(db: Db): Promise<DutyFigures['canaries']> {
  const { rows } = await db.query<DutyFigures['canaries'][number]>(sql`
    select stage, lane, greatest(extract(epoch from now() - passed_at), 0)::float8 as seconds
    from canary where stage = any(${[...STAGES]}::text[])
    order by array_position(${[...STAGES]}::text[], stage), lane desc`)
  return rows
}
