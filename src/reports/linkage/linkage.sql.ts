import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either } from '../../io/postgres/table-form.ts'
import type { PersonSize, ReviewedBits } from './linkage.ts'

/**
 * Records of persons by the size of their person, over the first `most` by key index, which is a keyed hash: as good as drawn by
 * lot. Persons of a size are the records divided by it.
 */
export async function selectPersonSizes(db: Db, most: number): Promise<PersonSize[]> {
  const whole = sql`
    select c.size, count(*)::integer as records
    from (
      select subject from source_record where subject like 'per\\_%' order by key_index limit ${most}) s
    cross join lateral (select count(*)::integer as size from source_record o where o.subject = s.subject) c
    group by c.size order by c.size`
  const distributed = () => sql`
    with s as materialized (
      select subject from source_record where subject like 'per\\_%' order by key_index limit ${most}),
    c as materialized (
      select subject, count(*)::integer as size from source_record where subject in (select subject from s) group by subject)
    select c.size, count(*)::integer as records from s join c using (subject) group by c.size order by c.size`
  const { rows } = await db.query<PersonSize>(either(whole, distributed))
  return rows
}

/** All possible matches by whole bits; those beyond -20 and 40 bits are counted there. */
export async function selectReviewedBits(db: Db): Promise<ReviewedBits[]> {
  const { rows } = await db.query<ReviewedBits>(sql`
    select greatest(-20, least(40, floor(weight)))::integer as bits,
      count(*) filter (where state = 'open')::integer as open,
      count(*) filter (where decision = 'same')::integer as same,
      count(*) filter (where decision = 'different')::integer as different
    from review group by 1 order by 1`)
  return rows
}
