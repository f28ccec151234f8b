import { parseBasic } from './basic.ts'
import { ASSERTION_TYPE, claimedClient } from './proof/assertion.ts'

/** By what a client proves itself at the token endpoint; the id is what it claims. */
export type ClientProof =
  | { by: 'secret'; id: string; secret: string }
  | { by: 'assertion'; id: string | undefined; assertion: string }
  | { by: 'certificate'; id: string }

type Form = {
  client_id?: string
  client_secret?: string
  client_assertion?: string
  client_assertion_type?: string
}
type Misfit = { status: 400 | 401; error: 'invalid_request' | 'invalid_client' }

const INVALID_REQUEST: Misfit = { status: 400, error: 'invalid_request' }
const INVALID_CLIENT: Misfit = { status: 401, error: 'invalid_client' }

/** The one method by which a client proves itself (RFC 6749, 2.3: never two); `isCertified` when the connection has a certificate. */
export function clientProofOf(
  authorization: string | undefined,
  { client_id, client_secret, client_assertion, client_assertion_type }: Form,
  isCertified: boolean,
): ClientProof | Misfit {
  const given = [authorization, client_secret, client_assertion].filter((one) => one !== undefined)
  if (given.length > 1) return INVALID_REQUEST
  if (client_assertion !== undefined) {
    if (client_assertion_type !== ASSERTION_TYPE) return INVALID_REQUEST
    const id = claimedClient(client_assertion)
    return client_id === undefined || client_id === id
      ? { by: 'assertion', id, assertion: client_assertion }
      : INVALID_CLIENT
  }
  if (authorization !== undefined) {
    const basic = parseBasic(authorization)
    if (basic === undefined) return INVALID_CLIENT
    return client_id === undefined || client_id === basic.id ? { by: 'secret', ...basic } : INVALID_REQUEST
  }
  if (client_id === undefined) return INVALID_CLIENT
  if (client_secret !== undefined) return { by: 'secret', id: client_id, secret: client_secret }
  return isCertified ? { by: 'certificate', id: client_id } : INVALID_CLIENT
}
