import type { AccountId } from '../../domain/ids.ts'
import type { Right } from './scopes.ts'

/** A person who signed in at the console. */
export type SignedIn = { account: AccountId; name: string; rights: readonly Right[] }

/** Finds whom the `Cookie` header of a request names, if the session lives; `isUse` keeps it alive. */
export type PersonDoor = { find(cookie: string | undefined, isUse: boolean): Promise<SignedIn | undefined> }
