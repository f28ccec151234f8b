import type { Static } from 'typebox'
import type { Golden } from '../../domain/golden.ts'
import type { PersonView } from './link-shapes.ts'

/** A person as it is told, with the golden fields, which only a steward gets. */
export type SeenPerson = Static<typeof PersonView> & { record: Golden['record'] | null }
