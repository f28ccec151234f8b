import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import { type SignaturePolicy, verifyMessage } from '../trust/signatures/signature.ts'
import type { KeySource } from './jwks.client.ts'
import { problem } from './problem.http.ts'
import { rememberNonce } from './schema.sql.ts'

const REQUEST = ['@method', '@authority', '@path', '@query']
const CONTENT = ['content-type', 'content-encoding', 'content-length', 'content-digest', 'titian-manifest']

/** The gateway's keys for deliveries begin so; its others sign tokens, and one key has one use. */
const DELIVERY_KEY = /^dlv-/

export type SignedOptions = {
  db: Pool
  keys: KeySource
  /** Scheme and host that deliveries for this side are signed for, e.g. `https://penerima.bps.go.id`. */
  origin: () => string
}

/**
 * A hook that lets only requests through that the gateway signed (RFC 9421) for this host, each once; it runs before the body is
 * read. Which host that is comes from the settings: whoever sends another one's delivery on may write any `Host`.
 */
export function signedBy({ keys, db, origin }: SignedOptions, has: 'content' | 'no-content') {
  const policy: SignaturePolicy = {
    components: has === 'content' ? [...REQUEST, ...CONTENT] : REQUEST,
    params: ['expires', 'nonce', 'tag', 'alg'],
    tag: 'titian-delivery',
    maxAgeSeconds: 300,
    clockSkewSeconds: 30,
    key: (keyid) => (DELIVERY_KEY.test(keyid) ? keys.find(keyid) : undefined),
    isNewNonce: (keyid, nonce, expires) => rememberNonce(db, keyid, nonce, expires),
  }
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { method, headers } = request
    const message = { method, headers, url: `${origin()}${request.raw.url ?? '/'}` }
    let verdict = await verifyMessage(message, policy, new Date())
    if (!verdict.ok && verdict.reason === 'key-unknown') {
      await keys.refresh()
      verdict = await verifyMessage(message, policy, new Date())
    }
    if (verdict.ok) return undefined
    void reply.header('www-authenticate', 'Signature')
    return problem(reply, 401, `signature-${verdict.reason}`)
  }
}
