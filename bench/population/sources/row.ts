import type { SeenBirth } from '../errors/birth-errors.ts'
import { digits } from '../people.ts'
import type { FamilySighting, Sighting } from '../sighting.ts'

/** What a row, or a member in it, truly is; `tests/samples/README.md` describes the fields. */
export type Truth = {
  member?: number
  level: 'person' | 'family'
  source_key: string | null
  person_id?: string
  family_id?: string
  head_person_id?: string
  nik_state?: string
  errors: string[]
}

/** A record as it is written: cells by column, or an object. */
export type Row = { content: Record<string, unknown>; truth: Truth[] }

/** Where the sources write their dates: a bad date is none in every format. */
export function birthText(birth: SeenBirth, write: (day: string, month: string, year: string) => string): string {
  if (birth === 'none') return ''
  if (birth === 'broken') return write('31', '02', '1980')
  return write(digits(birth.day, 2), digits(birth.month, 2), String(birth.year))
}

/** A code of the source's list, or one that is in none. */
export function codeOf(sighting: Sighting, field: Sighting['unknown'], text: string | undefined): string {
  return sighting.unknown === field ? '#N/A' : (text ?? '')
}

/** The truth of a person's row. */
export function personTruth(sighting: Sighting, key: string, { errors }: FamilySighting, member?: number): Truth {
  const { person, nikState, hasKey } = sighting
  const own: Truth = {
    level: 'person',
    source_key: hasKey ? key : null,
    person_id: person.id,
    nik_state: nikState,
    errors: [...errors, ...sighting.errors.filter((error) => !errors.includes(error))],
  }
  return member === undefined ? own : { ...own, member }
}

/** The truth of a family's row. */
export function familyTruth({ family, errors }: FamilySighting, key: string): Truth {
  return {
    level: 'family',
    source_key: key,
    family_id: family.id,
    head_person_id: family.members[0]?.id ?? '',
    errors: [...errors],
  }
}
