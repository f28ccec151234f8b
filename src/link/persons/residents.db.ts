import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { KeptRecord } from '../compare/features.ts'
import { underReview } from '../review/review.sql.ts'
import { mergeGolden } from '../subjects/merge.ts'
import {
  readFamiliesOf,
  readFamiliesOfPersonsAlone,
  readPersonsOf,
  readSourcesByIndex,
  readSubjectsOfPlatform,
} from '../subjects/residents.sql.ts'
import { openCovered } from '../subjects/sealed-record/open-record.db.ts'
import type { Survivorship } from '../subjects/survivorship.ts'
import { restrictedAmong } from './subject-register.db.ts'

/** Where the value of a field of a golden record was taken from. */
type FieldOrigin = { platform: string; dataset: string; asOf: string | null; inferred: boolean }
type OwnKey = { dataset: string; level: 'keluarga' | 'individu'; key: string }

/** The golden record of a subject, with the keys of the records of it that one platform holds. */
type GoldenSubject = {
  subject: SubjectId
  level: 'keluarga' | 'individu'
  fields: Readonly<Record<string, string | number>>
  originOf(field: string): FieldOrigin | undefined
  own: readonly OwnKey[]
}

/** A family with its persons; `place` is the BPS code of where it lives, as deep as is known. */
type GoldenHousehold = {
  id: FamilyId | null
  family: GoldenSubject | undefined
  members: readonly GoldenSubject[]
  place: string | undefined
}

type Opened = { key: string; subject: SubjectId; platform: string; dataset: string; record: KeptRecord }
type Deps = {
  db: Db
  vault: Pick<Vault, 'open' | 'lastingText' | 'lastingOf'>
  survivorship: Survivorship
  coverage: AgreedCoverage
}

/** Of a home or a barracks so many persons are looked at: what asks about all members is then not known. */
const MOST_MEMBERS = 100
const PLACES = ['kode_kelurahan_desa', 'kode_kecamatan', 'kode_kabupaten_kota', 'kode_provinsi'] as const

/**
 * A page of the subjects of one level that a platform speaks of, after one, and the id to go on after; null at the end. Families
 * come first by their own records, then those of which the platform holds records of persons alone.
 */
export async function pageSubjectsOfPlatform(
  db: Db,
  platform: string,
  level: 'keluarga' | 'individu',
  after: string,
  limit: number,
): Promise<{ subjects: SubjectId[]; next: string | null }> {
  if (level === 'keluarga' && !after.startsWith('per_')) {
    const families = await readSubjectsOfPlatform(db, platform, 'keluarga', after, limit)
    return { subjects: families, next: families.length < limit ? 'per_' : (families.at(-1) ?? null) }
  }
  const persons = await readSubjectsOfPlatform(db, platform, 'individu', after, limit)
  const subjects = level === 'individu' ? persons : await readFamiliesOfPersonsAlone(db, platform, persons)
  return { subjects, next: persons.length < limit ? null : (persons.at(-1) ?? null) }
}

/**
 * Subjects with their households, merged anew from all source records: a handful of statements, whatever their number. A
 * subject of which the platform holds no record is left out, and so is a person whose data is restricted: as a member of a household
 * nothing is known of such a person. Members of one household share the object.
 */
export async function readResidents(
  { db, vault, survivorship, coverage }: Deps,
  platform: string,
  subjects: readonly SubjectId[],
): Promise<{ self: GoldenSubject; household: GoldenHousehold; inReview: boolean }[]> {
  const persons = subjects.filter((id) => id.startsWith('per_'))
  const familyOf = new Map((await readFamiliesOf(db, persons)).map(({ person, family }) => [person, family]))
  const named = subjects.filter((id): id is FamilyId => id.startsWith('fam_'))
  const families = [...new Set([...familyOf.values(), ...named])]
  const found = Map.groupBy(await readPersonsOf(db, families, MOST_MEMBERS), ({ family }) => family)
  const wanted = new Set<SubjectId>([...subjects, ...families])
  for (const members of found.values()) for (const { person } of members) wanted.add(person)
  const rows = await readSourcesByIndex(db, [...wanted])
  const opened = Map.groupBy(
    rows.map((row): Opened => ({ ...row, record: openCovered(row, vault, coverage) })),
    ({ subject }) => subject,
  )
  const restricted = await restrictedAmong(db, vault, [...opened.keys()])
  const golden = new Map(
    [...opened].map(([id, sources]) => [
      id,
      restricted.persons.has(id) ? nobodyKnown(id) : goldenOf(id, sources, platform, survivorship),
    ]),
  )
  const villageOf = (id: SubjectId) => villageIn(opened.get(id) ?? [])
  const households = new Map(
    families.map((id): [FamilyId, GoldenHousehold] => {
      const ids = (found.get(id) ?? []).map(({ person }) => person)
      const members = ids.flatMap((person) => golden.get(person) ?? [])
      return [id, householdOf(id, golden.get(id), members, ids.map(villageOf))]
    }),
  )
  const open = await underReview(
    db,
    rows.map(({ key }) => key),
  )
  const isOpen = (id: SubjectId) => (opened.get(id) ?? []).some(({ key }) => open.has(key))
  return subjects.flatMap((id) => {
    const family = id.startsWith('fam_') ? (id as FamilyId) : familyOf.get(id)
    const self = golden.get(id)
    const household = family === undefined ? undefined : households.get(family)
    if (id.startsWith('fam_')) {
      if (household === undefined) return []
      const known = asOwn(id, self, household.members)
      const inReview = household.members.some(({ subject }) => isOpen(subject))
      return known.own.length === 0 ? [] : [{ self: known, household, inReview }]
    }
    if (self === undefined || self.own.length === 0) return []
    // One who was found beyond the limit of a large household still belongs to it.
    const lone = household ?? householdOf(null, undefined, [self], [villageOf(id)])
    return [{ self, household: lone, inReview: isOpen(id) }]
  })
}

/** A family that was reported by its persons alone goes by their keys. */
function asOwn(id: SubjectId, self: GoldenSubject | undefined, members: readonly GoldenSubject[]): GoldenSubject {
  if (self !== undefined && self.own.length > 0) return self
  const own = members.flatMap((member) => member.own)
  return {
    subject: id,
    level: 'keluarga',
    fields: self?.fields ?? {},
    originOf: self?.originOf ?? (() => undefined),
    own,
  }
}

function nobodyKnown(subject: SubjectId): GoldenSubject {
  return { subject, level: 'individu', fields: {}, originOf: () => undefined, own: [] }
}

function goldenOf(
  subject: SubjectId,
  sources: readonly Opened[],
  platform: string,
  survivorship: Survivorship,
): GoldenSubject {
  const { record: fields, origin } = mergeGolden(sources, survivorship)
  return {
    subject,
    level: subject.startsWith('fam_') ? 'keluarga' : 'individu',
    fields,
    originOf(field) {
      const from = origin.find((one) => one.fields === '*' || one.fields.includes(field))
      if (from === undefined || fields[field] === undefined) return undefined
      const source = sources.find(
        (one) =>
          one.platform === from.platform && one.dataset === from.dataset && one.record.fields[field] === fields[field],
      )
      const inferred = source?.record.inferred?.includes(field) ?? false
      return { platform: from.platform, dataset: from.dataset, asOf: from.asOf ?? null, inferred }
    },
    own: sources
      .filter((source) => source.platform === platform)
      .map(({ dataset, record: { level, key } }) => ({ dataset, level, key }))
      .sort((a, b) => (`${a.dataset} ${a.key}` < `${b.dataset} ${b.key}` ? -1 : 1)),
  }
}

function householdOf(
  id: FamilyId | null,
  family: GoldenSubject | undefined,
  members: readonly GoldenSubject[],
  villages: readonly (string | undefined)[],
): GoldenHousehold {
  const stated = PLACES.map((field) => family?.fields[field]).find((code) => code !== undefined)
  const kept = new Set(villages.filter((village) => village !== undefined))
  const [only] = kept
  // Persons of whom each record says another village are nowhere for certain.
  const place = stated !== undefined ? String(stated) : kept.size === 1 ? only : undefined
  return { id, family, members, place }
}

/** The village that a person's records keep of the family's record; none where they differ. */
function villageIn(sources: readonly Opened[]): string | undefined {
  const villages = new Set(
    sources
      .flatMap(({ record: { village, extensions } }) => village ?? extensions?.kode_kelurahan_desa ?? [])
      .map(String),
  )
  const [only, other] = villages
  return other === undefined && only !== undefined && /^[0-9]{10}$/.test(only) ? only : undefined
}
