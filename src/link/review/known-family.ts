import type { FamilyId, SubjectId } from '../../domain/ids.ts'

/** A family, with the golden fields of its members by the order of their ids; `isWhole` is false where there are more. */
export type KnownFamily = {
  family: FamilyId
  members: { person: SubjectId; fields: Readonly<Record<string, string | number>> }[]
  isWhole: boolean
}
