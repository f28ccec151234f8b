import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import { aad, type Vault } from '../../../trust/keys/vault.ts'
import { enterForeign } from '../../../trust/people/foreign.db.ts'
import type { PeopleSessions } from '../../../trust/people/people-sessions.ts'
import type { Flow, Provider } from '../../../trust/people/provider.client.ts'
import type { PersonRole } from '../../../trust/people/roles.ts'
import { pathTo } from '../../../web/page.ts'
import { sendPage, strangerView } from '../../../web/view.http.ts'
import { nextOf } from './next.ts'
import { personSignInBody } from './sign-in.ts'
import { PROVIDER_PATH, type SignInWord, saySignIn } from './words.ts'

export type ProviderOptions = {
  db: Pool
  vault: Pick<Vault, 'index' | 'seal' | 'open'>
  peopleSessions: PeopleSessions
  /** Where persons may sign in instead of here. */
  provider: Provider | undefined
  rolesOf(claimed: readonly string[]): PersonRole[]
  issuer: string
}

const CALLBACK = `${PROVIDER_PATH}/callback`
const COOKIE = 'titian_oidc'
const MINUTES = 10
const PLACE = aad('titian', 'account', '', 'flow')

/** The way to another provider of identities, and back. */
export async function providerPages(app: FastifyInstance, options: ProviderOptions): Promise<void> {
  const { provider, vault, peopleSessions, rolesOf, issuer } = options
  if (provider === undefined) return
  const elsewhere = { provider: { host: provider.host, path: PROVIDER_PATH } }
  const guest = { config: { public: 'where persons sign in' }, schema: { hide: true } }
  const { protocol, pathname } = new URL(issuer)
  const path = `${pathname.replace(/\/+$/, '')}${PROVIDER_PATH}`
  const cookie = (value: string, seconds: number) =>
    `${COOKIE}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`

  app.get<{ Querystring: { next?: string } }>(PROVIDER_PATH, guest, async (request, reply) => {
    const { next } = nextOf(request.query.next)
    const begun = await provider.begin(`${issuer}${CALLBACK}`, next).catch((err: unknown) => {
      request.log.error({ err }, 'the identity provider does not answer')
    })
    if (begun === undefined) {
      const view = strangerView(request)
      const body = personSignInBody(view, { trouble: 'away', ...elsewhere })
      return sendPage(reply.code(503), view, saySignIn(view, 'signIn'), body)
    }
    const { url, flow } = begun
    const sealed = vault.seal(Buffer.from(JSON.stringify(flow)), PLACE).toString('base64url')
    return reply.header('set-cookie', cookie(sealed, MINUTES * 60)).redirect(url.href, 303)
  })

  app.get(CALLBACK, guest, async (request, reply) => {
    const view = strangerView(request)
    const flow = flowIn(request.headers.cookie)
    const done = flow && (await finish(request, flow))
    if (done?.is === 'known') {
      request.log.info({ person: done.account, address: request.ip }, 'signed in')
      const session = await peopleSessions.begin(done.account, request.headers.cookie)
      return reply.header('set-cookie', [session, cookie('', 0)]).redirect(pathTo(view, flow?.next ?? '/console'), 303)
    }
    const { reason = 'no-flow', account } = done ?? {}
    request.log.warn({ reason, address: request.ip, ...(account && { person: account }) }, 'sign-in refused')
    const trouble: SignInWord = reason === 'no-role' || reason === 'disabled' ? 'notAllowed' : 'notBack'
    const body = personSignInBody(view, { trouble, ...elsewhere })
    return sendPage(
      reply.code(trouble === 'notAllowed' ? 403 : 401).header('set-cookie', cookie('', 0)),
      view,
      saySignIn(view, 'signIn'),
      body,
    )
  })

  /** Who came back, or why nobody is let in. */
  async function finish({ url, log }: FastifyRequest, flow: Flow) {
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
    const known = await provider?.finish(new URL(`${issuer}${CALLBACK}${query}`), flow).catch((err: unknown) => {
      // Name and code of it alone are logged.
      log.warn({ err }, 'what came back from the identity provider cannot be trusted')
    })
    if (known === undefined) return { is: 'refused', reason: 'provider', account: undefined } as const
    const answer = await enterForeign(options, known, rolesOf(known.claimed))
    return answer.is === 'known' ? answer : { account: undefined, ...answer }
  }

  function flowIn(header: string | undefined): Flow | undefined {
    const pair = (header ?? '').split(';').find((one) => one.trim().startsWith(`${COOKIE}=`))
    if (pair === undefined) return undefined
    try {
      const sealed = Buffer.from(pair.slice(pair.indexOf('=') + 1).trim(), 'base64url')
      return JSON.parse(vault.open(sealed, PLACE).toString('utf8')) as Flow
    } catch {
      return undefined
    }
  }
}
