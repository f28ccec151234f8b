import type { KeyObject } from 'node:crypto'
import { CompactSign, compactVerify, decodeProtectedHeader, errors } from 'jose'
import type { Signer } from '../keys/signing-keys.ts'

/** RFC 9864 renames EdDSA; signers of both ages are about. */
const ALGORITHMS = ['EdDSA', 'Ed25519']

/** Why a statement is not believed. */
export type StatementFault = 'malformed' | 'key-unknown' | 'wrong'

/** A statement that holds: who signed it, and what it says. */
export type Statement = { keyid: string; says: unknown }

/** Signs JSON as a compact JWS (RFC 7515, RFC 8037); `type` keeps it from being taken for a statement of another kind. */
export function signStatement(says: object, type: string, { keyid, key }: Signer): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(says)))
    .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: keyid })
    .sign(key)
}

/** Opens a compact JWS of a type by the key that its `kid` names; keys that it brings along are never looked at. */
export async function openStatement(
  jws: string,
  type: string,
  find: (keyid: string) => KeyObject | undefined,
): Promise<Statement | StatementFault> {
  let header: { kid?: string; typ?: string }
  try {
    header = decodeProtectedHeader(jws)
  } catch {
    return 'malformed'
  }
  if (header.typ !== type || typeof header.kid !== 'string') return 'malformed'
  const key = find(header.kid)
  if (key === undefined) return 'key-unknown'
  try {
    const { payload } = await compactVerify(jws, key, { algorithms: ALGORITHMS })
    return { keyid: header.kid, says: JSON.parse(Buffer.from(payload).toString()) }
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError) return 'wrong'
    throw error
  }
}
