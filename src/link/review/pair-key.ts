import type { Index } from '../subjects/subject.ts'

/** The key of a pair of records in a map; it is the same whichever record is named first. */
export function pairKey(a: Index, b: Index): string {
  return a < b ? `${a}${b}` : `${b}${a}`
}
