import { TitianError } from '../../domain/error.ts'
import { NATIONAL_PLATFORM } from '../../domain/platform.ts'
import { isPerson } from '../people/two-persons.ts'
import type { Right } from './scopes.ts'

/** Who sent a request: a client, the platform it speaks for (null: none), and what its token allows. */
export type Caller = {
  /** The client, or the account of a person who signed in or whom a client acts for: what the audit log names. */
  client: string
  platform: string | null
  scopes: readonly Right[]
  /** The client by which a person asked, where it was by one. */
  through?: string
  /** Of a person at the console: the name, which goes to their own pages only. */
  person?: { name: string }
  /** Of a session: what its forms carry. */
  csrf?: string
}

/**
 * The one platform whose objects a caller may see; null for ops, steward and whoever works at the console, who see all. Who posts results sees those batches.
 * Anybody else without a platform is refused, so that a forgotten filter shows nothing.
 */
export function platformOf(caller: Caller): string | null {
  if (caller.platform !== null) return caller.platform
  if (caller.person || caller.scopes.includes('ops') || caller.scopes.includes('steward')) return null
  if (caller.scopes.includes('results:write')) return NATIONAL_PLATFORM
  throw new TitianError('scope-missing', `client ${caller.client} speaks for no platform`)
}

/** The platform that a caller speaks for; throws `scope-missing` when it speaks for none. */
export function ownPlatformOf({ client, platform }: Caller): string {
  if (platform === null) throw new TitianError('scope-missing', `client ${client} speaks for no platform`)
  return platform
}

/** The account of the person who asks; throws `person-missing` to a client that acts for nobody, since a decision carries a person. */
export function personOf({ client }: Caller): string {
  if (!isPerson(client)) throw new TitianError('person-missing')
  return client
}

/** Whether a caller may see a platform's own keys: the platform itself and the steward may; ops works with lines. */
export function mayKnowKeys({ platform, scopes }: Caller): boolean {
  return platform !== null || scopes.includes('steward')
}
