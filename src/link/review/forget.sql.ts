import type { PoolClient } from 'pg'
import { sql } from '../../io/postgres/sql.ts'

/** Deletes what was asked and decided about records that are gone for good, with the words of stewards; the audit log keeps that it was. */
export async function forgetReviews(tx: PoolClient, keys: readonly string[]): Promise<void> {
  await tx.query(sql`
    delete from review r using unnest(${keys}::text[]) as d(key) where decode(d.key, 'hex') in (r.a, r.b)`)
  await tx.query(sql`
    delete from link_decision l using unnest(${keys}::text[]) as d(key) where decode(d.key, 'hex') in (l.a, l.b)`)
  await tx.query(sql`
    delete from unmerge_opinion o using unnest(${keys}::text[]) as d(key) where decode(d.key, 'hex') = any(o.leaving)`)
}
