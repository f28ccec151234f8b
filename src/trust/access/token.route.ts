import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { ERRORS } from '../../domain/error.ts'
import { problems } from '../../io/http/openapi.ts'
import { toTitianError } from '../../io/http/problem.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { KeyRing } from '../keys/keyring.ts'
import { onceASecond } from '../keys/reloading.ts'
import { publicJwks } from '../keys/signing-keys.ts'
import { CLIENT_ID } from './client.ts'
import { type ClientProof, clientProofOf } from './client-proof.ts'
import type { Login, LoginAnswer } from './login.ts'
import { ASSERTION_TYPE } from './proof/assertion.ts'
import { PROOF_ALGORITHMS } from './proof/client-keys.ts'
import { clientByAssertion, clientByCertificate } from './proof/prove.db.ts'
import { type Senders, thumbprintOf } from './proof/senders.http.ts'
import { metadataPaths } from './public-url.ts'
import { isScope, SCOPES } from './scopes.ts'
import type { Bound, Tokens } from './token.ts'

export type TokenRouteOptions = {
  ring: KeyRing
  /** Reads the ring anew, in place: what another process signs under must be published here too. */
  reloadKeys?: () => KeyRing
  tokens: Tokens
  login: Login
  db: Db
  senders: Senders
  /** How far the clock of a client may differ. */
  skewSeconds?: number
  /** The gateway's public address, as tokens name it. */
  issuer: string
  clock?: () => Date
}

const { 500: internal, 503: unavailable } = problems()
/** Only what fails on our side is a problem; the rest is answered as RFC 6749 has it. */
const FAILED = { 500: internal, 503: unavailable }
const BODY_BYTES = 8192
const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'self_signed_tls_client_auth']
const FORM = 'application/x-www-form-urlencoded'

// RFC 6749, 3.2 has unknown parameters ignored.
const TokenRequest = Type.Object({
  grant_type: Type.String({ description: 'client_credentials' }),
  scope: Type.Optional(Type.String({ description: "scopes, separated by spaces; without it all of the client's" })),
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
  client_assertion_type: Type.Optional(Type.String({ description: ASSERTION_TYPE })),
  client_assertion: Type.Optional(Type.String({ description: 'a JWT under a key of the client (RFC 7523)' })),
})

const TokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Union([Type.Literal('Bearer'), Type.Literal('DPoP')]),
  expires_in: Type.Integer({ description: 'seconds' }),
  scope: Type.String(),
})

const TokenError = Type.Object(
  { error: Type.String(), error_description: Type.Optional(Type.String()) },
  { description: 'As RFC 6749, 5.2 has it' },
)

const Jwks = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal('OKP'),
      crv: Type.Literal('Ed25519'),
      x: Type.String(),
      kid: Type.String(),
      use: Type.Literal('sig'),
      alg: Type.Literal('EdDSA'),
    }),
  ),
})

const Metadata = Type.Object({
  issuer: Type.String(),
  token_endpoint: Type.String(),
  jwks_uri: Type.String(),
  scopes_supported: Type.Array(Type.String()),
  response_types_supported: Type.Array(Type.String()),
  grant_types_supported: Type.Array(Type.String()),
  token_endpoint_auth_methods_supported: Type.Array(Type.String()),
  token_endpoint_auth_signing_alg_values_supported: Type.Array(Type.String()),
  dpop_signing_alg_values_supported: Type.Array(Type.String()),
  tls_client_certificate_bound_access_tokens: Type.Boolean(),
})

type Refusal = {
  status: 400 | 401 | 429
  error: string
  description?: string
  retryAfterSeconds?: number
  nonce?: string
}

/** The token endpoint (RFC 6749, client credentials) and what describes it: the public keys and the metadata (RFC 8414). */
export const tokenRoutes: FastifyPluginAsync<TokenRouteOptions> = async (app, options) => {
  const { ring, reloadKeys = () => ring, tokens, login, db, senders, skewSeconds = 5, issuer } = options
  const { clock = () => new Date() } = options
  const renewed = onceASecond(reloadKeys)
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  app.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: BODY_BYTES }, (_request, body, done) => {
    done(null, parseForm(String(body)))
  })

  typed.post(
    '/oauth/token',
    {
      attachValidation: true,
      config: { public: 'the caller proves itself by its secret, key or certificate' },
      schema: {
        operationId: 'token',
        tags: ['trust'],
        summary: 'Get an access token',
        description: [
          'Client credentials: the secret as HTTP Basic or in the form, an assertion (private_key_jwt), or a certificate.',
          `A DPoP proof, or a certificate, binds the token to it. A token lives ${tokens.seconds} seconds.`,
        ].join('\n'),
        consumes: [FORM],
        body: TokenRequest,
        response: { ...FAILED, 200: TokenAnswer, 400: TokenError, 401: TokenError, 429: TokenError },
      },
      errorHandler(error, _request, reply) {
        if (ERRORS[toTitianError(error).code].status >= 500) throw error
        return refuse(reply, { status: 400, error: 'invalid_request' })
      },
    },
    async (request, reply) => {
      const isForm = request.headers['content-type']?.toLowerCase().startsWith(FORM) ?? false
      if (!isForm || request.validationError) return refuse(reply, { status: 400, error: 'invalid_request' })
      const answer = await grant(request, request.body)
      if ('error' in answer) return refuse(reply, answer)
      return reply.header('cache-control', 'no-store').send(answer)
    },
  )

  async function grant(
    request: FastifyRequest,
    body: Static<typeof TokenRequest>,
  ): Promise<Static<typeof TokenAnswer> | Refusal> {
    if (body.grant_type !== 'client_credentials') return { status: 400, error: 'unsupported_grant_type' }
    const thumbprint = thumbprintOf(request, clock())
    const proof = clientProofOf(request.headers.authorization, body, thumbprint !== undefined)
    if ('error' in proof) return proof
    const answer = await answerTo(proof, request, thumbprint)
    if (answer.is !== 'known') {
      const { id = '' } = proof
      // An id of another form may be anything, a person's number too: it stays out of the log.
      const client = CLIENT_ID.test(id) && /[a-z]/.test(id) ? id : undefined
      request.log.warn({ client, by: proof.by, reason: answer.is, address: request.ip }, 'token refused')
    }
    if (answer.is === 'too-many')
      return { status: 429, error: 'temporarily_unavailable', retryAfterSeconds: answer.retryAfterSeconds }
    if (answer.is === 'refused') return { status: 401, error: 'invalid_client' }
    const { id, platform, scopes: held, profile } = answer.client
    const sender = await senders.byKey(request)
    if (sender.is === 'wrong') return { status: 400, error: 'invalid_dpop_proof' }
    if (sender.is === 'nonce') return { status: 400, error: 'use_dpop_nonce', nonce: senders.nonce() }
    const bound = sender.is === 'proven' ? sender.bound : certificateBound(proof, thumbprint)
    if (profile === 'fapi' && bound === undefined)
      return { status: 400, error: 'invalid_request', description: 'The client needs a DPoP proof or a certificate' }
    const wanted = body.scope === undefined ? held : body.scope.split(' ').filter(Boolean)
    const scopes = held.filter(isScope).filter((scope) => wanted.includes(scope))
    if (wanted.length === 0 || wanted.some((scope) => !held.includes(scope)))
      return { status: 400, error: 'invalid_scope', description: 'The client does not hold a scope that it asks for' }
    return {
      access_token: await tokens.issue({ client: id, platform, scopes, ...(bound && { bound }) }, clock()),
      token_type: sender.is === 'proven' ? 'DPoP' : 'Bearer',
      expires_in: tokens.seconds,
      scope: scopes.join(' '),
    }
  }

  function answerTo(proof: ClientProof, request: FastifyRequest, thumbprint = ''): Promise<LoginAnswer> {
    if (proof.by === 'secret') return login(proof.id, proof.secret, request.ip)
    if (proof.by === 'certificate') return clientByCertificate(db, proof.id, thumbprint)
    return clientByAssertion(proof.assertion, { db, issuer, skewSeconds, now: clock() })
  }

  typed.get(
    '/.well-known/jwks.json',
    {
      config: { public: 'public keys are for everybody who verifies' },
      schema: {
        operationId: 'keys',
        tags: ['trust'],
        summary: 'Public keys of tokens and deliveries, retired ones too',
        description:
          'JWKS (RFC 7517) of Ed25519 keys. What was signed under a retired key can be verified as long as it stands here.',
        response: { 200: Jwks },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(publicJwks(renewed() ?? ring)),
  )

  const config = { public: 'clients read here where to get a token' }
  const [path = '', ...further] = metadataPaths(issuer)
  typed.get(path, { config, schema: METADATA }, async () => metadataOf(issuer))
  for (const one of further)
    typed.get(one, { config, schema: { ...METADATA, hide: true } }, async () => metadataOf(issuer))
}

const METADATA = {
  operationId: 'tokenMetadata',
  tags: ['trust'],
  summary: 'Metadata of the token endpoint (RFC 8414)',
  description: 'Where tokens are given, for which scopes, and how a client proves itself.',
  response: { 200: Metadata },
}

function metadataOf(issuer: string): Static<typeof Metadata> {
  return {
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: Object.keys(SCOPES),
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    token_endpoint_auth_signing_alg_values_supported: PROOF_ALGORITHMS,
    dpop_signing_alg_values_supported: PROOF_ALGORITHMS,
    tls_client_certificate_bound_access_tokens: true,
  }
}

function refuse(reply: FastifyReply, { status, error, description, retryAfterSeconds, nonce }: Refusal): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Basic realm="titian", charset="UTF-8"')
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
  if (nonce !== undefined) void reply.header('dpop-nonce', nonce)
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .send({ error, ...(description && { error_description: description }) })
}

/** Who shows a certificate that it is registered with, or adds one to its assertion, gets a token for that certificate only. */
function certificateBound({ by }: ClientProof, thumbprint: string | undefined): Bound | undefined {
  return by === 'secret' || thumbprint === undefined ? undefined : { 'x5t#S256': thumbprint }
}

/**
 * The parameters of a form; one without a value counts as absent (RFC 6749, 3.2). Null, which no schema accepts, when one is
 * repeated, which the same section forbids.
 */
function parseForm(body: string): Record<string, string> | null {
  const pairs = [...new URLSearchParams(body)].filter(([, value]) => value !== '')
  const form = new Map(pairs)
  return form.size === pairs.length ? Object.fromEntries(form) : null
}
