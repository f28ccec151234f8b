import type { PoolClient } from 'pg'
import type { FamilyId, SubjectId } from '../../../domain/ids.ts'
import type { AgreedCoverage } from '../../../trust/agreements/coverage.ts'
import type { Indexer } from '../../subjects/prepare.ts'
import { readPlacedByFamily } from '../../subjects/subjects.sql.ts'
import type { Survivorship } from '../../subjects/survivorship.ts'
import type { ResolvedFamilies } from '../families/family-register.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import { tellable } from './golden-line.ts'
import { regionIndexer } from './region-index.ts'

/** Persons who live wherever their family does, with the lines of the entries that place the family anew. */
export type Waiting = ReadonlyMap<SubjectId, ReadonlySet<number>>

/** The stored persons whose region follows from a family that the chunk places anew; one statement, and none where no family moves. */
export async function readWaiting(
  tx: PoolClient,
  { families, ids }: Pick<ResolvedFamilies, 'families' | 'ids'>,
  { survivorship, coverage, index }: { survivorship: Survivorship; coverage: AgreedCoverage; index: Indexer },
): Promise<Waiting> {
  const regionIndex = regionIndexer(index)
  const united = new Set(ids.united.map(ids.now))
  const linesOf = new Map<FamilyId, ReadonlySet<number>>()
  for (const family of families) {
    const { subject, lines } = family
    if (subject.isNew || lines.size === 0) continue
    const id = subject.id as FamilyId
    const { region } = tellable(family, { survivorship, coverage })
    const now = region === undefined ? '' : regionIndex.of(region)
    if (now !== subject.region || (region !== undefined && united.has(id))) linesOf.set(id, lines)
  }
  const rows = await readPlacedByFamily(tx, ids.storedAs([...linesOf.keys()]))
  return new Map(rows.map(({ id, family }) => [id, linesOf.get(ids.now(family)) ?? new Set()]))
}

/** Lets the lines that placed a family anew stand behind its members who live where it does. */
export function withWaiting(persons: readonly LinkedSubject[], waiting: Waiting): LinkedSubject[] {
  if (waiting.size === 0) return [...persons]
  return persons.map((person) => {
    const lines = person.lines.size === 0 ? waiting.get(person.subject.id) : undefined
    return lines === undefined ? person : { ...person, lines }
  })
}
