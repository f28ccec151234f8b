import type { Canonical } from '../../../language/canonical.ts'
import type { SeenPerson } from '../../../link/persons/person-view.db.ts'
import type { Household } from '../../../link/review/household.db.ts'
import type { Review } from '../../../link/review/review.ts'
import type { AuditLine } from '../../../reports/oversight/audit-line.ts'
import { PERSONS_PATH } from './words.ts'

/** What the page of a person shows. `keys` are the key indexes of the sources, in their order. */
export type ShownPerson = {
  person: SeenPerson
  keys: readonly string[]
  household: Household | undefined
  reviews: readonly Review[]
  history: readonly AuditLine[]
  canonical: Canonical
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
