import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import type { AccountId } from '../../domain/ids.ts'
import type { Vault } from '../keys/vault.ts'
import { isRole, ROLES } from '../people/roles.ts'
import { ACCOUNT_PREFIX } from '../people/two-persons.ts'
import { SCOPES, type Scope } from './scopes.ts'

/** How much a client must prove: `fapi` (FAPI 2.0 security profile) takes no secret, and no token that anybody could use. */
export const PROFILES = ['usual', 'fapi'] as const
export type Profile = (typeof PROFILES)[number]

/** A client to be: `platform` null for BPS, ops and stewards. Without keys and certificates it gets a secret. */
export type NewClient = {
  id: string
  platform: string | null
  scopes: readonly Scope[]
  jwks?: JSONWebKeySet
  certificates?: readonly string[]
  profile?: Profile
  /** The account that it acts for: what it does is that person's. */
  person?: AccountId
}

/** Letters, digits, `-` and `_`, so that an id is safe in a log line, a URL and HTTP Basic. Every platform's name is one. */
export const CLIENT_ID = /^[a-z0-9][a-z0-9_-]{0,79}$/

/** A fresh id for a client that was given none. */
export function newClientId(): string {
  return `cli_${randomBytes(8).toString('hex')}`
}

/** 256 random bits, with a mark by which secret scanners and people know what leaked. */
export function newClientSecret(): string {
  return `titian_${randomBytes(32).toString('base64url')}`
}

/**
 * What is stored of a secret. A keyed hash is enough and a slow one would be waste: nobody guesses 256 random bits, and who
 * steals the table lacks the key. The id is hashed along, so that a row's hash is worth nothing in another row.
 */
export function hashClientSecret(vault: Vault, id: string, secret: string): string {
  return vault.index('secret', `${id}\n${secret}`).toString('base64url')
}

/** Compares in constant time; without a stored hash it works as long and says no. */
export function isClientSecret(vault: Vault, id: string, secret: string, stored: string | null | undefined): boolean {
  const given = Buffer.from(hashClientSecret(vault, id, secret))
  const expected = Buffer.from(stored ?? '')
  const comparable = expected.length === given.length
  return timingSafeEqual(given, comparable ? expected : given) && comparable
}

/** Why a client cannot be made as asked, in a sentence; undefined when it can. */
export function refuseClient({
  id,
  platform,
  scopes,
  jwks,
  certificates = [],
  profile,
  person,
}: NewClient): string | undefined {
  if (!CLIENT_ID.test(id)) return 'a client id is 1 to 80 lower-case letters, digits, - and _'
  // A person's number would stand in every line of the log.
  if (!/[a-z]/.test(id)) return 'a client id has at least one letter'
  if (id.startsWith(ACCOUNT_PREFIX)) return `ids that begin with ${ACCOUNT_PREFIX} are accounts of persons`
  if (person !== undefined && (platform !== null || !scopes.every(isRole)))
    return `a client that acts for a person has roles of persons as scopes: ${Object.keys(ROLES).join(', ')}`
  if (scopes.length === 0) return 'a client needs at least one scope'
  if (profile === 'fapi' && jwks === undefined && certificates.length === 0)
    return 'the profile fapi takes no secret: give the public keys of the client, or its certificate'
  const holder = platform === null ? 'national' : 'platform'
  const foreign = scopes.find((scope) => SCOPES[scope].holder !== holder)
  if (foreign === undefined) return undefined
  return platform === null
    ? `the scope ${foreign} is for a client bound to a platform`
    : `the scope ${foreign} is for a client without a platform`
}
