import type { DeliveryId, SubjectId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'
import { decodeChanges } from './changes/encode.ts'
import { hashesIn, subjectHash } from './touched.ts'

/** A delivery that told of a subject: what it told (kinds of lines), and when BPS took it. */
export type DeliveryOf = {
  id: DeliveryId
  dataset: string
  composedAt: Date
  acknowledgedAt: Date | null
  kinds: string[]
}

type Row = Omit<DeliveryOf, 'kinds'> & { touched: Buffer | null; changes: Buffer | null }

/** The deliveries that told of some subjects, the oldest first. Of one from before there were changes it is not known, and it is left out. */
export async function readDeliveriesOf(db: Db, subjects: readonly SubjectId[]): Promise<DeliveryOf[]> {
  const hashes = new Set(subjects.map(subjectHash))
  const ids = new Set(subjects)
  const { rows } = await db.query<Row>(sql`
    select id, manifest ->> 'dataset' as dataset, composed_at as "composedAt", acknowledged_at as "acknowledgedAt",
      subjects as touched, changes
    from delivery
    where exists (
      select from unnest(${[...hashes].map((hash) => hash.toString(16).padStart(8, '0'))}::text[]) as given(hash)
      where position(decode(given.hash, 'hex') in subjects) > 0)
    order by composed_order`)
  return rows.flatMap(({ touched, changes, ...row }) => {
    if (changes === null || hashesIn(touched)?.some((hash) => hashes.has(hash)) !== true) return []
    const kinds = decodeChanges(changes).flatMap(({ subject, kind }) => (ids.has(subject) ? [kind] : []))
    return kinds.length === 0 ? [] : [{ ...row, kinds: [...new Set(kinds)] }]
  })
}

/** The subjects that some deliveries told of. */
export async function subjectsInDeliveries(db: Db, deliveries: readonly string[]): Promise<SubjectId[]> {
  if (deliveries.length === 0) return []
  const { rows } = await db.query<{ changes: Buffer }>(sql`
    select changes from delivery where id = any(${deliveries}::text[]) and changes is not null`)
  return [...new Set(rows.flatMap(({ changes }) => decodeChanges(changes).map(({ subject }) => subject)))]
}
