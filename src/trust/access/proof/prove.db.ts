import type { Db } from '../../../io/postgres/postgres.ts'
import { type ClientRow, findEnabledClient } from '../client.sql.ts'
import type { LoginAnswer } from '../login.ts'
import { ASSERTION_SECONDS, claimedClient, verifyAssertion } from './assertion.ts'
import { useProof } from './used-proof.sql.ts'

const REFUSED: LoginAnswer = { is: 'refused' }

export type AssertionOptions = { db: Db; issuer: string; skewSeconds: number; now: Date }

/** The client that an assertion proves (`private_key_jwt`), if its keys are registered and nobody used the assertion before. */
export async function clientByAssertion(assertion: string, options: AssertionOptions): Promise<LoginAnswer> {
  const { db, ...check } = options
  const id = claimedClient(assertion)
  const client = id === undefined ? undefined : await findEnabledClient(db, id)
  if (client === undefined || client.jwks === null) return REFUSED
  const name = await verifyAssertion(assertion, { client: client.id, keys: client.jwks, ...check })
  if (name === undefined) return REFUSED
  const isFirst = await useProof(db, `client ${client.id}`, name, ASSERTION_SECONDS + 2 * check.skewSeconds)
  return isFirst ? { is: 'known', client } : REFUSED
}

/** The client of this id, if it is registered with the certificate of the connection (RFC 8705, 2.2). */
export async function clientByCertificate(db: Db, id: string, thumbprint: string): Promise<LoginAnswer> {
  const client = await findEnabledClient(db, id)
  return client !== undefined && isRegistered(client, thumbprint) ? { is: 'known', client } : REFUSED
}

function isRegistered({ certificates }: ClientRow, thumbprint: string): boolean {
  return certificates.includes(thumbprint)
}
