import type { PoolClient } from 'pg'
import type { ReviewId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Index } from '../subjects/subject.ts'
import type { OpenReview, Opinion, Review } from './review.ts'

const COLUMNS = `id, encode(a, 'hex') as a, encode(b, 'hex') as b, weight, model, state, opened_at as "openedAt",
  later_at as "laterAt", opinion, opinion_by as "opinionBy", opinion_reason as "opinionReason", decision,
  decided_by as "decidedBy", reason, decided_at as "decidedAt"`

/** Open possible matches, those put off last; `after` is the last one of the page before. */
export async function openReviews(
  db: Db,
  { limit, after }: { limit: number; after?: Pick<Review, 'id' | 'laterAt'> | undefined },
): Promise<Review[]> {
  const { rows } = await db.query<Review>(
    `select ${COLUMNS} from review
     where state = 'open' and ($1::text is null or (later_at is not null, id) > ($2, $1))
     order by later_at is not null, id limit $3`,
    [after?.id ?? null, after !== undefined && after.laterAt !== null, limit],
  )
  return rows
}

/** Possible matches that were decided (`by` one steward), the newest first; `after` is the id of the last one of the page before. */
export async function decidedReviews(
  db: Db,
  { limit, after, by }: { limit: number; after?: string | undefined; by?: string | undefined },
): Promise<Review[]> {
  const { rows } = await db.query<Review>(
    `select ${COLUMNS} from review
     where state = 'decided' and ($1::text is null or id < $1) and ($3::text is null or decided_by = $3)
     order by id desc limit $2`,
    [after ?? null, limit, by ?? null],
  )
  return rows
}

export async function readReview(db: Db, id: string): Promise<Review | undefined> {
  const { rows } = await db.query<Review>(`select ${COLUMNS} from review where id = $1`, [id])
  return rows[0]
}

/** How many possible matches wait, and how many of them were put off. */
export async function countOpenReviews(db: Db): Promise<{ open: number; later: number }> {
  const { rows } = await db.query<{ open: number; later: number }>(sql`
    select count(*)::integer as open, count(later_at)::integer as later from review where state = 'open'`)
  return rows[0] ?? { open: 0, later: 0 }
}

/** The possible match, locked until the transaction ends. */
export async function lockReview(tx: PoolClient, id: string): Promise<Review | undefined> {
  const { rows } = await tx.query<Review>(`select ${COLUMNS} from review where id = $1 for update`, [id])
  return rows[0]
}

export async function putOff(tx: PoolClient, id: ReviewId): Promise<void> {
  await tx.query(sql`update review set later_at = now() where id = ${id}`)
}

/** Keeps what the first of two stewards says; it replaces an earlier opinion. */
export async function saveOpinion(
  tx: PoolClient,
  id: ReviewId,
  { opinion, by, reason }: { opinion: Opinion; by: string; reason: string },
): Promise<void> {
  await tx.query(sql`
    update review set opinion = ${opinion}, opinion_by = ${by}, opinion_reason = ${reason}, opinion_at = now()
    where id = ${id}`)
}

export async function closeReview(
  tx: PoolClient,
  id: ReviewId,
  { decision, by, reason }: { decision: Opinion; by: string; reason: string },
): Promise<void> {
  await tx.query(sql`
    update review set state = 'decided', decision = ${decision}, decided_by = ${by}, reason = ${reason}, decided_at = now()
    where id = ${id}`)
}

/** The open possible matches that name one of these records. */
export async function reviewsOf(db: Db, records: readonly Index[]): Promise<OpenReview[]> {
  if (records.length === 0) return []
  const { rows } = await db.query<OpenReview>(sql`
    select r.id, encode(r.a, 'hex') as a, encode(r.b, 'hex') as b, r.weight
    from unnest(${records}::text[]) as given(record) join review r on r.a = decode(record, 'hex')
    where r.state = 'open'
    union
    select r.id, encode(r.a, 'hex') as a, encode(r.b, 'hex') as b, r.weight
    from unnest(${records}::text[]) as given(record) join review r on r.b = decode(record, 'hex')
    where r.state = 'open'`)
  return rows
}

/** The possible matches that name one of these records, open or decided, the newest first. */
export async function selectReviewsOf(db: Db, records: readonly Index[], limit: number): Promise<Review[]> {
  if (records.length === 0) return []
  const { rows } = await db.query<Review>(
    `select ${COLUMNS} from review where id in (
       select r.id from unnest($1::text[]) as given(record) join review r on r.a = decode(record, 'hex')
       union
       select r.id from unnest($1::text[]) as given(record) join review r on r.b = decode(record, 'hex'))
     order by id desc limit $2`,
    [records, limit],
  )
  return rows
}

/** Those of these records that an open possible match names. */
export async function underReview(db: Db, records: readonly Index[]): Promise<Set<Index>> {
  if (records.length === 0) return new Set()
  const { rows } = await db.query<{ record: Index }>(sql`
    select given.record from unnest(${records}::text[]) as given(record)
    cross join lateral (
      select 1 from review where a = decode(given.record, 'hex') and state = 'open'
      union all
      select 1 from review where b = decode(given.record, 'hex') and state = 'open'
      limit 1) r`)
  return new Set(rows.map(({ record }) => record))
}

/** Opens possible matches; one that was decided stays so. */
export async function openPossibleMatches(
  tx: PoolClient,
  possibleMatches: readonly { id: ReviewId; a: Index; b: Index; weight: number }[],
  model: string,
): Promise<void> {
  if (possibleMatches.length === 0) return
  await tx.query(sql`
    insert into review (id, a, b, weight, model)
    select id, decode(a, 'hex'), decode(b, 'hex'), weight, ${model}
    from unnest(${possibleMatches.map(({ id }) => id)}::text[], ${possibleMatches.map(({ a }) => a)}::text[],
      ${possibleMatches.map(({ b }) => b)}::text[], ${possibleMatches.map(({ weight }) => weight)}::real[]) as d(id, a, b, weight)
    on conflict (a, b) do nothing`)
}

/** Takes back possible matches that are none any more; nobody has decided them. */
export async function dropPossibleMatches(tx: PoolClient, ids: readonly ReviewId[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(sql`delete from review where id = any(${ids}::text[]) and state = 'open'`)
}

/** Writes what open possible matches weigh now. */
export async function weighPossibleMatches(
  tx: PoolClient,
  weighed: readonly { id: ReviewId; weight: number }[],
  model: string,
): Promise<void> {
  if (weighed.length === 0) return
  await tx.query(sql`
    update review r set weight = w.weight, model = ${model}
    from unnest(${weighed.map(({ id }) => id)}::text[], ${weighed.map(({ weight }) => weight)}::real[]) as w(id, weight)
    where r.id = w.id`)
}

/** All possible matches that ever named one of these records, decided ones too. */
export async function reviewsAbout(db: Db, records: readonly Index[]): Promise<ReviewId[]> {
  const { rows } = await db.query<{ id: ReviewId }>(sql`
    select distinct r.id from unnest(${records}::text[]) as given(key)
    join review r on r.a = decode(given.key, 'hex') or r.b = decode(given.key, 'hex')`)
  return rows.map(({ id }) => id)
}

/** The keys of the records that these possible matches name. */
export async function recordsOfReviews(db: Db, reviews: readonly string[]): Promise<Index[]> {
  if (reviews.length === 0) return []
  const { rows } = await db.query<{ a: Index; b: Index }>(sql`
    select encode(a, 'hex') as a, encode(b, 'hex') as b from review where id = any(${reviews}::text[])`)
  return rows.flatMap(({ a, b }) => [a, b])
}

/** The records of all open possible matches: both of each, since either's person is told what became of it. */
export async function recordsUnderReview(db: Db): Promise<Index[]> {
  const { rows } = await db.query<{ record: Index }>(sql`
    select encode(a, 'hex') as record from review where state = 'open'
    union
    select encode(b, 'hex') from review where state = 'open'`)
  return rows.map(({ record }) => record)
}
