import type { DeliveryLine } from './golden.ts'
import type { FamilyId, SubjectId } from './ids.ts'

/** What can become of a subject. The first ones are kinds of lines; `split` and `moved` are told beside the line of the subject. */
export const CHANGE_KINDS = ['golden', 'stub', 'merged', 'withdrawn', 'restricted', 'split', 'moved'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** One change of a subject, without a personal value. */
export type Change = {
  subject: SubjectId
  level: 'keluarga' | 'individu'
  kind: ChangeKind
  /** The version of the subject that the change made. */
  version: number
  /** Of `merged`: the subject that it lives on as. */
  into?: SubjectId
  /** Of `split`: the subject that it left. */
  left?: SubjectId
  /** Of `moved`: what is another than before. */
  moved?: ('family' | 'region')[]
  /** Of `moved` to another family: the one before. */
  family?: FamilyId
}

/** The changes that lines tell, each followed by what is told beside it. */
export function changesOf(lines: readonly DeliveryLine[], beside: readonly Change[]): Change[] {
  const others = Map.groupBy(beside, ({ subject }) => subject)
  return lines.flatMap((line) => [changeOf(line), ...(others.get(line.subject) ?? [])])
}

function changeOf(line: DeliveryLine): Change {
  const { subject, level, version, kind = 'golden' } = line
  return { subject, level, kind, version, ...('into' in line && { into: line.into }) }
}
