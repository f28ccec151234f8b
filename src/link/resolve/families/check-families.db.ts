import type { PoolClient } from 'pg'
import type { FamilyId, SubjectId } from '../../../domain/ids.ts'
import type { EntryFinding } from '../../../domain/report.ts'
import { familyOfPerson } from '../../subjects/family-of-person.ts'
import { giverOf } from '../../subjects/merge.ts'
import { readMembersOf } from '../../subjects/source.sql.ts'
import { type Opener, type SourceRecord, sourceRecordOf } from '../../subjects/source-record.ts'
import type { Index } from '../../subjects/subject.ts'
import type { Survivorship } from '../../subjects/survivorship.ts'
import type { RecordChange } from '../entries/decide.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import type { Assignment } from '../persons/assign-ids.ts'
import type { ResolvedFamilies } from './family-register.ts'
import { type FamilyMember, familyFindings, type RecordPlace } from './family-rules.ts'

/** A family with more members (a home, a barracks) is not looked at. */
const MOST_MEMBERS = 50

export type FamiliesToCheck = {
  changes: ReadonlyMap<Index, RecordChange>
  persons: Pick<Assignment, 'persons' | 'merged'>
  families: ResolvedFamilies
  survivorship: Survivorship
  open: Opener
}

/**
 * Checks the golden members of the families that the chunk gave a member, or a member another relation, birth date or NIK.
 * A family that one entry brings whole was checked with the entry. One statement reads the members of all others.
 */
export async function checkFamilies(tx: PoolClient, checked: FamiliesToCheck): Promise<EntryFinding[]> {
  const { survivorship, open } = checked
  const { ids: families } = checked.families
  const unions = placesOfUnions(checked.families)
  const places = placesOfMembership(checked.changes)
  if (places.size === 0 && unions.size === 0) return []
  const { persons, merged } = checked.persons
  const touched = new Map(persons.map((person) => [person.subject.id, person]))
  const members = new Map<FamilyId, FamilyMember[]>()
  const add = (
    sources: readonly SourceRecord[],
    brought: readonly RecordPlace[],
    isWanted: (id: FamilyId) => boolean,
  ) => {
    const { family, member } = memberOf(sources, brought, survivorship)
    if (family === undefined || !isWanted(family)) return
    const own = members.get(family)
    if (own) own.push(member)
    else members.set(family, [member])
  }
  const broughtBy = (person: LinkedSubject) => person.sources.flatMap(({ key }) => places.get(key) ?? [])
  for (const person of persons) {
    const brought = broughtBy(person)
    if (brought.length > 0) add(person.sources, brought, () => true)
  }
  for (const [family, own] of members) if (families.isNew(family) && isOfOneEntry(own)) members.delete(family)
  for (const family of unions.keys()) if (!members.has(family)) members.set(family, [])
  const wanted = (family: FamilyId) => members.has(family)
  for (const person of persons) if (members.size > 0 && broughtBy(person).length === 0) add(person.sources, [], wanted)
  const gone = new Set(merged.map(({ from }) => from))
  const stored = await storedMembers(tx, families.storedAs([...members.keys()]), { open, familyNow: families.now })
  for (const [subject, sources] of stored) {
    if (!touched.has(subject) && !gone.has(subject)) add(sources, [], wanted)
  }
  const small = [...members].filter(([, { length }]) => length <= MOST_MEMBERS)
  return once(small.flatMap(([family, own]) => familyFindings(own, unions.get(family))))
}

/** Where the records stand that change who is in a family, or what the rules look at. */
function placesOfMembership(changes: ReadonlyMap<Index, RecordChange>): Map<Index, RecordPlace> {
  const places = new Map<Index, RecordPlace>()
  for (const [key, { incoming, before }] of changes) {
    const { record, line, path } = incoming
    if (record.level !== 'individu') continue
    const isSame =
      before !== undefined &&
      before.household?.key === record.household?.key &&
      LOOKED_AT.every((field) => before.fields[field] === record.fields[field])
    if (!isSame) places.set(key, { line, path })
  }
  return places
}

/** The lines that united families, by the family that the others became. */
function placesOfUnions({ ids, families }: ResolvedFamilies): Map<FamilyId, RecordPlace[]> {
  const unions = new Map<FamilyId, RecordPlace[]>(ids.united.map((id) => [ids.now(id), []]))
  if (unions.size === 0) return unions
  for (const { subject, lines } of families) {
    unions.get(subject.id as FamilyId)?.push(...[...lines].map((line) => ({ line, path: '' })))
  }
  return unions
}

const LOOKED_AT = [
  'nomor_kartu_keluarga',
  'status_hubungan_keluarga',
  'tanggal_lahir',
  'nomor_induk_kependudukan',
] as const

function memberOf(
  sources: readonly SourceRecord[],
  brought: readonly RecordPlace[],
  rules: Survivorship,
): { family: FamilyId | undefined; member: FamilyMember } {
  const opened = sources.map((source) => ({ ...source, record: source.open() }))
  const value = (field: string): string | undefined => {
    const giver =
      opened.length === 1 ? opened[0] : giverOf(field, opened, rules.fields.get(`individu.${field}`) ?? rules.rank)
    const given = giver?.record.fields[field]
    return given === undefined ? undefined : String(given)
  }
  const [, relation, born, nik] = LOOKED_AT
  return {
    family: familyOfPerson(opened, rules),
    member: { relation: value(relation), born: value(born), nik: value(nik), brought },
  }
}

function isOfOneEntry(members: readonly FamilyMember[]): boolean {
  const line = members[0]?.brought[0]?.line
  return members.every(({ brought }) => brought.every((place) => place.line === line))
}

async function storedMembers(
  tx: PoolClient,
  families: readonly FamilyId[],
  { open, familyNow }: { open: Opener; familyNow: (id: FamilyId) => FamilyId },
): Promise<Map<SubjectId, SourceRecord[]>> {
  const rows = await readMembersOf(tx, families, MOST_MEMBERS)
  const bySubject = new Map<SubjectId, SourceRecord[]>()
  for (const [subject, own] of Map.groupBy(rows, (row) => row.subject)) {
    bySubject.set(
      subject,
      own.map((row) => sourceRecordOf(row, open, familyNow)),
    )
  }
  return bySubject
}

function once(findings: readonly EntryFinding[]): EntryFinding[] {
  const known = new Map(findings.map((finding) => [`${finding.line} ${finding.code} ${finding.path}`, finding]))
  return [...known.values()]
}
