/** Ids of accounts begin so; no client's may. */
export const ACCOUNT_PREFIX = 'acc_'

/**
 * Whether a second opinion is another's: of another account, or of another client where the first was a client's. A client beside a
 * person may be that very person's, and does not count.
 */
export function areTwo(first: string, second: string): boolean {
  const isPerson = (id: string) => id.startsWith(ACCOUNT_PREFIX)
  return first !== second && isPerson(first) === isPerson(second)
}
