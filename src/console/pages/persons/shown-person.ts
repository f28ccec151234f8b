import type { Canonical } from '../../../language/canonical.ts'
import type { SeenPerson } from '../../../link/persons/seen-person.ts'
import type { UnmergeOpinion } from '../../../link/review/four-eyes.ts'
import type { KnownFamily } from '../../../link/review/known-family.ts'
import type { Review } from '../../../link/review/review.ts'
import type { AuditLine } from '../../../reports/oversight/audit-line.ts'
import { PERSONS_PATH } from './words.ts'

/** What the page of a person shows. `keys` are the key indexes of the sources, in their order. */
export type ShownPerson = {
  person: SeenPerson
  keys: readonly string[]
  known: KnownFamily | undefined
  reviews: readonly Review[]
  history: readonly AuditLine[]
  canonical: Canonical
  /** What a first steward wants taken out, and whether that wants a second one. */
  opinion: UnmergeOpinion | undefined
  isForTwo: boolean
}

/** A source as it is named everywhere on the page: its place in the list, and where it is from. */
export function sourceName({ sources }: SeenPerson, at: number): string {
  const source = sources[at]
  return source === undefined ? '' : `${at + 1} · ${source.platform}`
}

/** The address of a person's page. */
export function personPath(id: string): string {
  return `${PERSONS_PATH}/${id}`
}
