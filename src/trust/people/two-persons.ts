/** Ids of accounts begin so; no client's may. */
export const ACCOUNT_PREFIX = 'acc_'

/** Whether an actor is the account of a person; a client that acts for nobody is not. */
export function isPerson(actor: string): boolean {
  return actor.startsWith(ACCOUNT_PREFIX)
}

/** Whether a second opinion is another person's. Clients that act for nobody may all be one person's, and never count. */
export function areTwo(first: string, second: string): boolean {
  return first !== second && isPerson(first) && isPerson(second)
}
