import type { CanonicalRecord } from '../domain/entry.ts'
import type { SubjectId } from '../domain/ids.ts'
import type { Db } from '../io/postgres/postgres.ts'

/** A source record of a subject, opened. */
export type HeldRecord = { subject: SubjectId; platform: string; dataset: string; record: CanonicalRecord }

/** What results ask of the register of subjects; the link stage answers. */
export type SubjectRegister = {
  /** The ids that subjects go by now; who is not known is left out. */
  living(db: Db, ids: readonly SubjectId[]): Promise<Map<SubjectId, SubjectId>>
  /** The ids that lead to these subjects since a merge. */
  former(db: Db, subjects: readonly SubjectId[]): Promise<{ id: SubjectId; into: SubjectId }[]>
  /** The subjects that numbers lead to, by number: persons by NIK, families by No. KK. */
  named(
    db: Db,
    level: CanonicalRecord['level'],
    numbers: readonly string[],
  ): Promise<Map<string, ReadonlySet<SubjectId>>>
  /** The platforms that hold source records of subjects. */
  platforms(db: Db, subjects: readonly SubjectId[]): Promise<{ platform: string; subject: SubjectId }[]>
  /** The source records of subjects, of one platform or of all, in the order of their keys. */
  records(db: Db, subjects: readonly SubjectId[], platform: string | null): Promise<HeldRecord[]>
  /** Those of these persons whose data is restricted. */
  restricted(db: Db, subjects: readonly SubjectId[]): Promise<ReadonlySet<SubjectId>>
}
