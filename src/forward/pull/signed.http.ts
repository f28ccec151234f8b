import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { basePathOf } from '../../trust/access/public-url.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { signerOf } from '../../trust/keys/signing-keys.ts'
import { signMessage } from '../../trust/signatures/signature.ts'
import { digestText } from '../manifest.ts'
import { ALWAYS_COVERED, CONTENT_COVERED, PULL_TAG } from './covered.ts'

/** Ten minutes: a slow line may carry an answer for so long, and whoever replays it later is refused. */
const SECONDS = 600

/**
 * A hook that signs what a route answers with 200 (RFC 9421, with a Content-Digest of RFC 9530): status, content, and the request
 * that it answers, its path as the public address has it. `issuer` is that address.
 */
export function signedAnswers({ ring, issuer }: { ring: Pick<KeyRing, 'deliveries'>; issuer: string }) {
  const basePath = basePathOf(issuer)
  const origin = new URL(issuer).origin
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const isBytes = typeof payload === 'string' || Buffer.isBuffer(payload)
    // A stream has its digest from whoever made it.
    const hasDigest = reply.hasHeader('content-digest')
    if (reply.statusCode !== 200 || !(isBytes || hasDigest)) return payload
    if (isBytes && !hasDigest) void reply.header('content-digest', digestText(hash('sha256', payload, 'buffer')))
    const headers: Record<string, string> = {}
    for (const name of CONTENT_COVERED) {
      const value = reply.getHeader(name)
      if (value !== undefined) headers[name] = String(value)
    }
    const now = new Date()
    const created = Math.floor(now.getTime() / 1000)
    const answered = { method: request.method, url: origin + basePath + request.url, headers: {} }
    const signed = signMessage(
      { status: 200, headers, request: answered },
      [...ALWAYS_COVERED, ...Object.keys(headers)],
      { created, expires: created + SECONDS, alg: 'ed25519', tag: PULL_TAG },
      signerOf(ring.deliveries, now),
    )
    void reply.headers(signed)
    return payload
  }
}
