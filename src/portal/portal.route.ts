import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Login } from '../trust/access/login.ts'
import type { Sessions } from '../trust/access/sessions.ts'
import { pathTo } from '../web/page.ts'
import { refuseForeignSite } from '../web/same-site.http.ts'
import { sendPage } from '../web/view.http.ts'
import { ownBatchPages } from './batch.route.ts'
import { requireCsrf } from './csrf.http.ts'
import { signInBody } from './pages/sign-in.ts'
import { answerPortal, guestView, PORTAL } from './portal-view.http.ts'
import { resultPages } from './results.route.ts'
import { type SendRouteOptions, sendPages } from './send.route.ts'
import { type PortalWord, wordOf } from './words.ts'

export type PortalOptions = SendRouteOptions & { login: Login; sessions: Sessions; issuer: string }

const FORM_BYTES = 16 * 1024
const REFUSED = { refused: 'wrong', 'too-many': 'slow' } as const satisfies Record<string, PortalWord>

/** `/portal`: for offices without a programmer. It acts by the public API, in the name of the client that signed in. */
export async function portalRoutes(app: FastifyInstance, options: PortalOptions): Promise<void> {
  const { login, sessions } = options
  app.setErrorHandler(answerPortal)
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
  )
  app.addHook('onRequest', async (request) => refuseForeignSite(request, options.issuer))

  const guest = { config: { public: 'where one signs in' }, schema: { hide: true } }
  app.get('/portal/sign-in', guest, async (request, reply) => {
    const view = guestView(request)
    return sendPage(reply, view, wordOf(view, 'signIn'), signInBody(view, {}))
  })

  app.post<{ Body: { client?: string; secret?: string } }>('/portal/sign-in', guest, async (request, reply) => {
    const view = guestView(request)
    const { client = '', secret = '' } = request.body ?? {}
    const answer = await login(client, secret, request.ip)
    const trouble: PortalWord | undefined =
      answer.is !== 'known' ? REFUSED[answer.is] : answer.client.platform === null ? 'notPlatform' : undefined
    if (answer.is !== 'known' || trouble !== undefined) {
      request.log.warn({ reason: answer.is, address: request.ip }, 'sign-in refused')
      if (answer.is === 'too-many') void reply.header('retry-after', String(answer.retryAfterSeconds))
      const status = answer.is === 'too-many' ? 429 : answer.is === 'known' ? 403 : 401
      const body = signInBody(view, { client: client.slice(0, 80), ...(trouble && { trouble }) })
      return sendPage(reply.code(status), view, wordOf(view, 'signIn'), body)
    }
    const cookie = await sessions.begin(answer.client.id)
    return reply.header('set-cookie', cookie).redirect(pathTo(view, PORTAL), 303)
  })

  app.post<{ Body: { csrf?: string } | undefined }>(
    '/portal/sign-out',
    { config: { scope: 'batches:read', session: true }, schema: { hide: true } },
    async (request, reply) => {
      requireCsrf(request, request.body?.csrf)
      const cookie = await sessions.end(request.headers.cookie)
      return reply.header('set-cookie', cookie).redirect(pathTo(guestView(request), '/portal/sign-in'), 303)
    },
  )

  await sendPages(app, options)
  await ownBatchPages(app, options)
  await resultPages(app, options)
}
