import type { DeliveryId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { decodeChanges } from '../changes/encode.ts'
import { hashesIn, subjectHash } from '../touched.ts'
import { readChangesOf, readTouching } from './disclosed.sql.ts'

/** A delivery that told of a subject: what it told (kinds of lines), and when BPS took it. */
type DeliveryOf = { id: DeliveryId; dataset: string; composedAt: Date; acknowledgedAt: Date | null; kinds: string[] }

/** The deliveries that told of some subjects, the oldest first. Of one from before there were changes it is not known, and it is left out. */
export async function readDeliveriesOf(db: Db, subjects: readonly SubjectId[]): Promise<DeliveryOf[]> {
  const hashes = new Set(subjects.map(subjectHash))
  const ids = new Set(subjects)
  return (await readTouching(db, [...hashes])).flatMap(({ touched, changes, ...row }) => {
    if (changes === null || hashesIn(touched)?.some((hash) => hashes.has(hash)) !== true) return []
    const kinds = decodeChanges(changes).flatMap(({ subject, kind }) => (ids.has(subject) ? [kind] : []))
    return kinds.length === 0 ? [] : [{ ...row, kinds: [...new Set(kinds)] }]
  })
}

/** The subjects that some deliveries told of. */
export async function subjectsInDeliveries(db: Db, deliveries: readonly string[]): Promise<SubjectId[]> {
  const changes = await readChangesOf(db, deliveries)
  return [...new Set(changes.flatMap((stored) => decodeChanges(stored).map(({ subject }) => subject)))]
}
