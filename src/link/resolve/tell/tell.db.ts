import type { PoolClient } from 'pg'
import type { Change } from '../../../domain/change.ts'
import type { DeliveryLine } from '../../../domain/golden.ts'
import type { FamilyId, SubjectId } from '../../../domain/ids.ts'
import { narrow } from '../../../trust/agreements/coverage.ts'
import { regionOfSources } from '../../subjects/region-of.ts'
import { findRestricted } from '../../subjects/restricted/find-restricted.db.ts'
import { readSources } from '../../subjects/source.sql.ts'
import type { Opener } from '../../subjects/source-record.ts'
import type { Redirect, Subject } from '../../subjects/subject.ts'
import { readSubjectsById } from '../../subjects/subjects.sql.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import { lineMaker, type TellableSubject, type TellContext, tellable } from './golden-line.ts'
import { mergedLines, redirectsToTell } from './merged-lines.db.ts'
import { restrictedLine } from './restricted-line.ts'
import { familiesNamedBy, stubLine } from './stub-line.ts'

/** What a chunk made of subjects. */
export type LinkedSubjects = {
  families: readonly LinkedSubject[]
  persons: readonly LinkedSubject[]
  /** Subjects that live on as others from now on. */
  redirects: readonly Redirect[]
  /** The ids that lead to each subject by now. */
  merged: ReadonlyMap<SubjectId, readonly SubjectId[]>
  /** Persons that a merge had ended, and that live again. */
  revived: ReadonlySet<SubjectId>
}

/** What BPS is told, and what has to be written of it. */
export type Told = {
  lines: DeliveryLine[]
  /** Changes that are told beside the line of their subject. */
  beside: Change[]
  /** Subjects whose rows have to be written. */
  subjects: Subject[]
  /** Subjects that live on as others, in the version of the line that says so. */
  ended: Subject[]
  /** Persons of whom neither their own records nor their family's say where they live. */
  unplaced: LinkedSubject[]
}

/**
 * Tells of each subject that entries of the chunk changed. Families come first: a person without a region of its own has that of
 * the family. A family that a person names is told before or with the person, as a stub where it has no record. Of a person whose
 * data is restricted nothing is told but that it is.
 */
export async function tell(
  tx: PoolClient,
  { families, persons, redirects, merged, revived }: LinkedSubjects,
  context: TellContext & { open: Opener },
): Promise<Told> {
  const makeLine = lineMaker(context)
  const told = new Map<SubjectId, { line: DeliveryLine; subject: Subject }>()
  const beside: Change[] = []
  const add = (one: TellableSubject, ofFamily?: string) => {
    const { id } = one.linked.subject
    const made = restricted.persons.has(id)
      ? restrictedLine(one.linked, merged.get(id), context)
      : makeLine(one, ofFamily, merged.get(id), restricted.heads.has(id as FamilyId))
    if (one.linked.isToldIfOther && made.subject === one.linked.subject) return
    told.set(id, made)
    beside.push(...made.beside)
  }
  // A family that only its members name has no record yet: it is told as a stub.
  const tellableOnes = (linked: readonly LinkedSubject[]) =>
    linked.filter(({ lines, sources }) => lines.size > 0 && sources.length > 0).map((one) => tellable(one, context))
  const ownFamilies = tellableOnes(families)
  const people = tellableOnes(persons)
  const asked = [...ownFamilies, ...people].map(({ linked: { subject, sources } }) => ({
    subject: subject.id,
    former: merged.get(subject.id) ?? [],
    records: sources,
  }))
  const restricted = await findRestricted(tx, asked, context)
  for (const family of ownFamilies) add(family)
  const regionOf = await regionsOfFamilies(tx, people, ownFamilies, context)
  const unplaced: LinkedSubject[] = []
  for (const person of people) {
    const ofFamily = person.region === undefined && person.family ? regionOf.get(person.family) : undefined
    if (person.region === undefined && ofFamily === undefined) unplaced.push(person.linked)
    add(person, ofFamily)
  }
  const naming = people.filter(({ linked }) => !restricted.persons.has(linked.subject.id))
  for (const { line, subject } of await stubs(tx, { families, people: naming, merged }, told, context))
    told.set(subject.id, { line, subject })
  const { lines, ended } = await mergedLines(
    tx,
    redirectsToTell(redirects, merged, revived),
    [...families, ...persons],
    context.batch,
  )
  return {
    lines: [...[...told.values()].map(({ line }) => line), ...lines],
    beside,
    subjects: writtenSubjects([...families, ...persons], told),
    ended,
    unplaced,
  }
}

/** The regions of the families that persons without one of their own name; one statement reads those that the chunk did not bring. */
async function regionsOfFamilies(
  tx: PoolClient,
  people: readonly TellableSubject[],
  ownFamilies: readonly TellableSubject[],
  { survivorship, coverage, open }: Pick<TellContext, 'survivorship' | 'coverage'> & { open: Opener },
): Promise<Map<FamilyId, string>> {
  const regions = new Map<FamilyId, string>()
  const brought = new Set<FamilyId>()
  for (const { linked, region } of ownFamilies) {
    const id = linked.subject.id as FamilyId
    brought.add(id)
    if (region !== undefined) regions.set(id, region)
  }
  const asked = people.flatMap(({ region, family }) => (region === undefined && family !== undefined ? [family] : []))
  const unknown = [...new Set(asked)].filter((id) => !brought.has(id))
  const rows = await readSources(tx, unknown)
  for (const [id, own] of Map.groupBy(rows, ({ subject }) => subject as FamilyId)) {
    const opened = own.map((row) => {
      const record = open(row.key, row.platform, row.sealed)
      const covered = coverage(row.platform)
      return { ...row, record: covered === undefined ? record : narrow(record, covered) }
    })
    const region = regionOfSources(opened, survivorship)
    if (region !== undefined) regions.set(id, region)
  }
  return regions
}

/**
 * Stubs of the families that BPS has to know and that have no record: named by a person and never told or withdrawn, united with a
 * told one, or without the record that they had.
 */
async function stubs(
  tx: PoolClient,
  { families, people, merged }: Pick<LinkedSubjects, 'families' | 'merged'> & { people: readonly TellableSubject[] },
  told: ReadonlyMap<SubjectId, unknown>,
  context: TellContext,
) {
  const named = familiesNamedBy(people)
  const known = new Map(families.map((family) => [family.subject.id as FamilyId, family]))
  const others = [...named.keys()].filter((id) => !known.has(id) && !told.has(id))
  const subjects = new Map((await readSubjectsById(tx, others)).map((subject) => [subject.id, subject]))
  for (const { subject } of families) subjects.set(subject.id, subject)
  const wanted = new Set<FamilyId>()
  for (const id of named.keys()) if (subjects.get(id)?.hash === '') wanted.add(id)
  for (const { subject, lines, isToldIfOther } of families)
    if (lines.size > 0 && isToldIfOther !== true && (subject.version > 0 || merged.has(subject.id)))
      wanted.add(subject.id as FamilyId)
  return [...wanted].flatMap((id) => {
    const subject = subjects.get(id)
    if (subject === undefined || told.has(id)) return []
    const { lines: naming, card } = named.get(id) ?? { lines: new Set<number>(), card: undefined }
    const lines = new Set([...naming, ...(known.get(id)?.lines ?? [])])
    return stubLine({ subject, lines, card: known.get(id)?.card ?? card, merged: merged.get(id) }, context) ?? []
  })
}

/** The subjects that are new, or whose row is no longer right, each as it was told. */
function writtenSubjects(
  linked: readonly LinkedSubject[],
  told: ReadonlyMap<SubjectId, { subject: Subject }>,
): Subject[] {
  const subjects: Subject[] = []
  const met = new Set<SubjectId>()
  for (const { subject, isChanged } of linked) {
    met.add(subject.id)
    const now = told.get(subject.id)?.subject ?? subject
    if (now.isNew || isChanged || now !== subject) subjects.push(now)
  }
  for (const [id, { subject }] of told) if (!met.has(id)) subjects.push(subject)
  return subjects
}
