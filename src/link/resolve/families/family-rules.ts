import { CHILD, HEAD_OF_FAMILY, SPOUSE } from '../../../domain/codes.ts'
import type { EntryFinding } from '../../../domain/report.ts'
import { dayNumber } from '../../../language/calendar.ts'

/** The place of a record in an entry of the chunk. */
export type RecordPlace = { line: number; path: string }

/** What the golden record of a member says, and which records of this chunk changed it. */
export type FamilyMember = {
  relation: string | undefined
  born: string | undefined
  nik: string | undefined
  brought: readonly RecordPlace[]
}

// A rule of the book says how many years a child is younger than the head (STR-07); days are YYYYMMDD.
const TEN_YEARS = 10 * 10_000

/**
 * The rules of `registry/rules/susunan-keluarga.yaml` over the golden members of a family. A finding stands at each record of
 * the chunk that brought it about, else at what `united` two families. Where one entry brought all, its own check has said so.
 */
export function familyFindings(members: readonly FamilyMember[], united: readonly RecordPlace[] = []): EntryFinding[] {
  const heads = members.filter(({ relation }) => relation === HEAD_OF_FAMILY)
  const spouses = members.filter(({ relation }) => relation === SPOUSE)
  const findings: EntryFinding[] = []
  const tell = (code: string, about: readonly FamilyMember[]) => findings.push(...atPlaces(code, about, united))
  if (heads.length > 1) tell('STR-01', heads)
  if (spouses.length > 1) tell('STR-10', spouses)
  for (const [nik, sharers] of Map.groupBy(members, (member) => member.nik)) {
    if (nik !== undefined && sharers.length > 1) tell('STR-05', sharers)
  }
  const [head] = heads
  if (head === undefined || heads.length > 1) return findings
  for (const child of members) {
    const years = dayNumber(child.born) - dayNumber(head.born)
    if (child.relation === CHILD && years < TEN_YEARS) tell('STR-07', [child, head])
  }
  return findings
}

function atPlaces(code: string, members: readonly FamilyMember[], united: readonly RecordPlace[]): EntryFinding[] {
  const brought = members.flatMap((member) => member.brought)
  const line = brought[0]?.line
  if (line !== undefined && members.every((member) => member.brought.some((place) => place.line === line))) return []
  const places = brought.length > 0 ? brought : united
  return places.map((place) => ({ line: place.line, code, severity: 'warning' as const, path: place.path }))
}
