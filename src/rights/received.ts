import { TitianError } from '../domain/error.ts'

/**
 * When a person asked for something, or a breach was known, as a steward says it; null where nothing is said. Throws `bad-request` for a
 * moment that has not come yet: it would give the clock of the law more time than there is.
 */
export function readReceivedAt(given: string | undefined, now: Date, pointer = '/body/received_at'): Date | null {
  if (given === undefined) return null
  const at = new Date(given)
  if (at > now) throw new TitianError('bad-request', undefined, { places: [{ pointer, code: 'ahead' }] })
  return at
}
