import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { TitianError } from '../../domain/error.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { type Access, accessUnder, demandOf } from './access.ts'
import type { Caller } from './caller.ts'
import { findEnabledClient } from './client.sql.ts'
import type { PersonDoor } from './person-door.ts'
import { PROOF_ALGORITHMS } from './proof/client-keys.ts'
import { type Senders, thumbprintOf } from './proof/senders.http.ts'
import { isScope, type Right } from './scopes.ts'
import type { Sessions } from './sessions.ts'
import type { Grant, Tokens } from './token.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent this request; reading it on a public route is a mistake and throws. */
    readonly caller: Caller
  }
  interface FastifyInstance {
    /** Every route with who may call it, as the application serves them. */
    readonly doors: readonly Door[]
  }
  interface FastifyContextConfig extends Access {}
}

/** A route and who may call it; `way` is how a caller proves itself: a token, a session of the portal, or that of a person. */
type Door = {
  method: string
  url: string
  demand: readonly Right[] | 'open' | 'unsaid'
  way: 'token' | 'session' | 'person'
}

export type AuthenticateOptions = {
  db: Db
  tokens: Tokens
  /** Finds out who holds the key that a token is bound to. */
  senders: Senders
  /** Finds the session of a browser; without it nobody is let in by one. */
  sessions?: Pick<Sessions, 'find'>
  /** Finds who signed in at the console; without it nobody enters a page of it. */
  people?: PersonDoor
  /** Access of routes that foreign plugins make (API docs, Bull Board), by URL prefix without a slash at its end. */
  access?: Readonly<Record<string, Access>>
  clock?: () => Date
}

/**
 * Deny by default: every route names its scopes or why it is public, or the application does not start. To be registered
 * before any route, because routes that are there already are not seen.
 */
export const authenticate = fastifyPlugin<AuthenticateOptions>(
  async (app, { db, tokens, senders, sessions, people, access = {}, clock = () => new Date() }) => {
    const callers = new WeakMap<FastifyRequest, Caller>()
    app.decorateRequest('caller', {
      getter(this: FastifyRequest) {
        const caller = callers.get(this)
        if (caller === undefined) throw new Error(`${this.method} ${this.routeOptions.url} is public: it has no caller`)
        return caller
      },
    })

    const doors: Door[] = []
    app.decorate('doors', doors)
    const unsaid: string[] = []
    app.addHook('onRoute', (route) => {
      const { scope, public: reason } = route.config ?? {}
      const given = scope === undefined && reason === undefined ? accessUnder(access, route.url) : undefined
      route.config = { ...route.config, ...given }
      const demand = demandOf(route.config)
      if (demand === 'unsaid') unsaid.push(`${route.method} ${route.url}`)
      const way = route.config.page ? 'person' : route.config.session === true ? 'session' : 'token'
      for (const method of [route.method].flat()) doors.push({ method, url: route.url, demand, way })
      const security = typeof demand === 'string' ? [] : demand.map((scope) => ({ oauth: [scope] }))
      route.schema = { ...route.schema, security }
    })

    // Not in the onRoute hook: what it throws ends the process without a word where a plugin adds its routes in callbacks.
    app.addHook('onReady', async () => {
      if (unsaid.length > 0)
        throw new Error(`routes with neither config.scope nor config.public, a reason to be open: ${unsaid.join(', ')}`)
    })

    app.addHook('onRequest', async (request, reply) => {
      // What is not there is answered 404 to everybody: the routes are published in the OpenAPI document anyway.
      if (request.is404) return
      const { config, method, url } = request.routeOptions
      const demand = demandOf(config)
      if (demand === 'open') return
      if (demand === 'unsaid') throw new Error(`${method} ${url} does not say who may call it`)
      const caller = await identify(request, reply, config, demand)
      callers.set(request, caller)
      // Whatever is logged of this request from here on says who asked.
      request.log = request.log.child(whoOf(caller))
    })

    async function identify(
      request: FastifyRequest,
      reply: FastifyReply,
      { page, session = false }: Access,
      scopes: readonly Right[],
    ): Promise<Caller> {
      try {
        const { authorization = '' } = request.headers
        const caller = page
          ? await byPerson(request, page)
          : session
            ? await bySession(request)
            : await byToken(request, authorization)
        if (!scopes.some((scope) => caller.scopes.includes(scope)))
          throw new TitianError(
            'scope-missing',
            `${caller.person ? 'person' : 'client'} ${caller.client} lacks ${scopes.join(' or ')}`,
          )
        return caller
      } catch (error) {
        // Who brought nothing at all is no attempt; the line of the request tells it.
        if (error instanceof TitianError && error.code !== 'token-missing')
          request.log.warn({ code: error.code, reason: error.message, address: request.ip }, 'caller refused')
        if (error instanceof TitianError) challenge(reply, error, scopes, senders.nonce)
        throw error
      }
    }

    async function byToken(request: FastifyRequest, authorization: string): Promise<Caller> {
      const [, scheme = '', token] = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization) ?? []
      if (token === undefined) throw new TitianError('token-missing')
      const grant = await tokens.verify(token, clock())
      await provesToHold(request, grant, { scheme: scheme.toLowerCase(), token })
      const client = await findEnabledClient(db, grant.client)
      if (client === undefined || client.platform !== grant.platform)
        throw new TitianError('token-invalid', `token refused: client ${grant.client} is disabled or changed`)
      if (client.profile === 'fapi' && grant.bound === undefined)
        throw new TitianError('token-invalid', `token refused: client ${client.id} needs one that is bound`)
      return {
        client: client.person ?? client.id,
        ...(client.person !== null && { through: client.id }),
        platform: client.platform,
        scopes: grant.scopes.filter((scope) => client.scopes.includes(scope)),
      }
    }

    /** A token that is bound is worth nothing without the key or the certificate that it names. */
    async function provesToHold(
      request: FastifyRequest,
      { bound }: Grant,
      { scheme, token }: { scheme: string; token: string },
    ): Promise<void> {
      const isByKey = bound !== undefined && 'jkt' in bound
      // RFC 9449, 7.2: a token that is bound to a key is no bearer token, and the other way round.
      if (isByKey !== (scheme === 'dpop')) throw new TitianError('token-invalid', 'token refused: wrong scheme')
      if (bound === undefined) return
      if (!isByKey) {
        if (thumbprintOf(request, clock()) === bound['x5t#S256']) return
        throw new TitianError('token-invalid', 'token refused: another certificate, or none')
      }
      const sender = await senders.byKey(request, token)
      if (sender.is === 'nonce') throw new TitianError('proof-nonce')
      const isHeld = sender.is === 'proven' && 'jkt' in sender.bound && sender.bound.jkt === bound.jkt
      if (!isHeld) throw new TitianError('proof-invalid')
    }

    async function bySession({ headers }: FastifyRequest): Promise<Caller> {
      const found = await sessions?.find(headers.cookie)
      if (found === undefined) throw new TitianError('token-missing', 'nobody has signed in')
      const client = await findEnabledClient(db, found.client)
      if (client === undefined) throw new TitianError('token-invalid', 'the client is disabled')
      const { id, platform, scopes } = client
      return { client: id, platform, scopes: scopes.filter(isScope), csrf: found.csrf }
    }

    async function byPerson({ headers }: FastifyRequest, page: true | 'watch'): Promise<Caller> {
      const person = await people?.find(headers.cookie, page === true)
      if (person === undefined) throw new TitianError('token-missing', 'nobody has signed in')
      return { client: person.account, platform: null, scopes: person.rights, person: { name: person.name } }
    }
  },
  { name: 'authenticate', fastify: '5.x' },
)

/** Who asks, as the log names it. */
function whoOf({ client, through, person }: Caller): Record<string, string> {
  if (through !== undefined) return { person: client, client: through }
  return person ? { person: client } : { client }
}

/** RFC 6750, 3: a request without a token gets no error code, any other says what was wrong. */
function challenge(reply: FastifyReply, error: TitianError, scopes: readonly Right[], nonce: () => string): void {
  if (error.code === 'proof-nonce' || error.code === 'proof-invalid') {
    const code = error.code === 'proof-nonce' ? 'use_dpop_nonce' : 'invalid_dpop_proof'
    void reply.header('dpop-nonce', nonce())
    void reply.header('www-authenticate', `DPoP realm="titian", error="${code}", algs="${PROOF_ALGORITHMS.join(' ')}"`)
    return
  }
  const wrong =
    error.code === 'token-invalid'
      ? ', error="invalid_token"'
      : error.code === 'scope-missing'
        ? `, error="insufficient_scope", scope="${scopes.join(' ')}"`
        : ''
  const bearer = `Bearer realm="titian"${wrong}`
  void reply.header('www-authenticate', bearer)
}

/** The platform that the sender of a request speaks for; undefined where it speaks for none, or the route is public. */
export function callerPlatform(request: FastifyRequest): string | undefined {
  return callerName(request) === undefined ? undefined : (request.caller.platform ?? undefined)
}

/** The client or person that sent a request; undefined where the route is public, or there is none. */
export function callerName(request: FastifyRequest): string | undefined {
  const isOpen = request.is404 || demandOf(request.routeOptions.config) === 'open'
  return isOpen ? undefined : request.caller.client
}
