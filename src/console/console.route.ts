import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'
import { problemOf, toTitianError } from '../io/http/problem.ts'
import type { ReportDeps } from '../reports/batch/report.db.ts'
import type { ReconciliationRouteOptions } from '../reports/reconciliation/reconciliation.route.ts'
import { html } from '../web/html.ts'
import { link, say } from '../web/page.ts'
import { sendPage, strangerView } from '../web/view.http.ts'
import { auditPages } from './pages/audit/audit.route.ts'
import { batchReportPages } from './pages/batches/batch.route.ts'
import { type LinkagePageOptions, linkagePages } from './pages/linkage/linkage.route.ts'
import { overviewPages } from './pages/overview/overview.route.ts'
import { type PersonPageOptions, personPages } from './pages/persons/persons.route.ts'
import { platformPages } from './pages/platforms/platforms.route.ts'
import { qualityPages } from './pages/quality/quality.route.ts'
import { reconciliationPages } from './pages/reconciliation/reconciliation.route.ts'
import { type ReviewPageOptions, reviewPages } from './pages/reviews/reviews.route.ts'
import { type SettingsPageOptions, settingsPages } from './pages/settings/settings.route.ts'
import { webhookPages } from './pages/webhooks/webhooks.route.ts'

const FORM_BYTES = 16 * 1024

export type ConsoleOptions = ReviewPageOptions &
  ReconciliationRouteOptions &
  ReportDeps &
  SettingsPageOptions &
  PersonPageOptions &
  LinkagePageOptions

/** The pages of the console for the ops team and the data steward; they work without a script. */
export async function consoleRoutes(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  app.setErrorHandler(answerPage)
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
  )
  app.addHook('onRequest', async (request) => refuseForeign(request))

  await overviewPages(app, options)
  await batchReportPages(app, options)
  await reviewPages(app, options)
  await personPages(app, options)
  await linkagePages(app, options)
  await reconciliationPages(app, options)
  await webhookPages(app, options)
  await qualityPages(app, options)
  await platformPages(app, options)
  await auditPages(app, options)
  await settingsPages(app, options)
  app.get('/console/*', { config: { scope: ['ops', 'steward'], basic: true }, schema: { hide: true } }, async () => {
    throw new TitianError('not-found')
  })
}

/** A form of another site cannot act here, even where the browser sends the caller's password along. */
function refuseForeign({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return
  const { origin, host } = headers
  if (origin !== undefined && URL.parse(origin)?.host === host) return
  throw new TitianError('bad-request', 'a form of another site')
}

/** A problem as a page; what is wrong with the gateway itself is logged and answered as everywhere. */
function answerPage(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toTitianError(thrown)
  const view = strangerView(request)
  const problem = problemOf(error, view.language, request.id, view.basePath)
  if (problem.status >= 500) throw error
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  const body = html`<p>${problem.title} (${problem.status})</p>
<p class="quiet small">${problem.instance ?? ''}</p>
<p><a href="${link(view, '/console')}">${say(view, 'back')}</a></p>`
  return sendPage(reply.code(problem.status), view, say(view, 'trouble'), body)
}
