import type { FamilyId, SubjectId } from '../../../domain/ids.ts'
import type { Db } from '../../../io/postgres/postgres.ts'
import type { KeptRecord } from '../../compare/features.ts'
import type { Opener } from '../source-record.ts'
import type { Index } from '../subject.ts'
import { isAnybodyRestricted, lookUpRestricted, type RecordNaming, readRecordsNaming } from './restricted.sql.ts'
import { type Naming, nameOfId, nameOfKey, namesOfRecord, statedName, statesRestricted } from './restricted.ts'

/** A subject, the ids that lead to it, and its records, which are opened only if anybody is restricted. */
export type AskedSubject = {
  subject: SubjectId
  former: readonly SubjectId[]
  records: readonly { key: Index; family?: FamilyId | null | undefined; open: () => KeptRecord }[]
}

/** Persons whose data is restricted, and families whose records name such a person as their head. */
export type Restricted = { persons: ReadonlySet<SubjectId>; heads: ReadonlySet<FamilyId> }

/** While nobody is restricted. */
export const NOBODY_RESTRICTED: Restricted = { persons: new Set(), heads: new Set() }

/** Which of these subjects are restricted. One statement while nobody is, three else. */
export async function findRestricted(
  db: Db,
  asked: readonly AskedSubject[],
  { open, ...naming }: Naming & { open: Opener },
): Promise<Restricted> {
  if (asked.length === 0 || !(await isAnybodyRestricted(db))) return NOBODY_RESTRICTED
  const [families, people] = [asked.filter(isFamily), asked.filter((one) => !isFamily(one))]
  const persons = await restrictedPersons(db, people, naming)
  const headsOf = new Map<SubjectId, Set<string | number>>()
  const note = (family: SubjectId, record: KeptRecord) => {
    const name = statedName(record)
    if (name === undefined) return
    const names = headsOf.get(family)
    if (names) names.add(name)
    else headsOf.set(family, new Set([name]))
  }
  for (const { subject, records } of people) {
    if (!persons.has(subject)) continue
    for (const { family, open: read } of records) if (family) note(family, read())
  }
  const ids = families.flatMap(({ subject, former }) => [subject, ...former] as FamilyId[])
  for (const { family, key, platform, sealed } of await restrictedMembers(db, ids, naming))
    note(family, open(key, platform, sealed))
  const heads = families.filter(({ subject, former, records }) =>
    records.some(({ open: read }) => {
      const name = statedName(read())
      return name !== undefined && [subject, ...former].some((id) => headsOf.get(id)?.has(name))
    }),
  )
  return { persons, heads: new Set(heads.map(({ subject }) => subject as FamilyId)) }
}

function isFamily({ subject }: AskedSubject): boolean {
  return subject.startsWith('fam_')
}

/** Records of restricted persons that name one of these families. */
async function restrictedMembers(db: Db, families: readonly FamilyId[], naming: Naming): Promise<RecordNaming[]> {
  const members = (await readRecordsNaming(db, families)).map((member) => ({
    member,
    names: [nameOfId(member.subject), nameOfKey(member.key, naming)],
  }))
  const names = new Set(members.flatMap((one) => one.names))
  const known = new Set((await lookUpRestricted(db, [...names])).map(({ name }) => name))
  return members.filter((one) => one.names.some((name) => known.has(name))).map(({ member }) => member)
}

async function restrictedPersons(db: Db, people: readonly AskedSubject[], naming: Naming): Promise<Set<SubjectId>> {
  const named = people.map(({ subject, former, records }) => ({
    subject,
    ids: [subject, ...former].map(nameOfId),
    records: records.map(({ key, open }) => namesOfRecord(key, open(), naming)),
  }))
  const names = new Set(named.flatMap(({ ids, records }) => [...ids, ...records.flat()]))
  const known = new Map((await lookUpRestricted(db, [...names])).map((one) => [one.name, one]))
  const isRestricted = ({ ids, records }: (typeof named)[number]) =>
    ids.some((id) => known.has(id)) || records.some((own) => statesRestricted(own, known))
  return new Set(named.filter(isRestricted).map(({ subject }) => subject))
}
