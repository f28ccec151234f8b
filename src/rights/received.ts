import { TitianError } from '../domain/error.ts'

/**
 * When a person asked for something, as a steward says it; null where nothing is said, and it is now. Throws `bad-request` for a
 * moment that has not come yet: it would give the clock of the law more time than there is.
 */
export function readReceivedAt(given: string | undefined, now: Date): Date | null {
  if (given === undefined) return null
  const at = new Date(given)
  if (at > now)
    throw new TitianError('bad-request', undefined, { places: [{ pointer: '/body/received_at', code: 'ahead' }] })
  return at
}
