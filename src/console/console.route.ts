import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listBatches } from '../engine/batch-view.sql.ts'
import { problemOf, toTitianError } from '../io/http/problem.ts'
import { countOpenReviews } from '../link/review/review.sql.ts'
import type { ReportDeps } from '../reports/batch/report.db.ts'
import { sumBatches } from '../reports/conservation.sql.ts'
import { balance } from '../reports/conservation.ts'
import type { ReconciliationRouteOptions } from '../reports/reconciliation/reconciliation.route.ts'
import { html } from '../web/html.ts'
import { link, say } from '../web/page.ts'
import { refuseForeignSite } from '../web/same-site.http.ts'
import { sendPage, strangerView, viewOf } from '../web/view.http.ts'
import { batchReportPages } from './batch.route.ts'
import { homeBody } from './home.ts'
import { reconciliationPages } from './reconciliation.route.ts'
import { type ReviewPageOptions, reviewPages } from './reviews.route.ts'
import { webhookPages } from './webhooks.route.ts'

const BATCHES = 20
const FORM_BYTES = 16 * 1024

export type ConsoleOptions = ReviewPageOptions & ReconciliationRouteOptions & ReportDeps & { issuer: string }

/** The pages of the console for the ops team and the data steward; they work without a script. */
export async function consoleRoutes(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  const { db } = options
  app.setErrorHandler(answerPage)
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
  )
  app.addHook('onRequest', async (request) => refuseForeignSite(request, options.issuer))

  app.get(
    '/console',
    {
      config: { scope: ['ops', 'steward'], basic: true },
      schema: { hide: true },
    },
    async (request, reply) => {
      const view = viewOf(request)
      const { gap, open, open_since: openSince, platforms } = balance(await sumBatches(db, null))
      const batches = await listBatches(db, {
        platform: null,
        after: null,
        limit: BATCHES,
      })
      const openReviews = (await countOpenReviews(db)).open
      return sendPage(
        reply,
        view,
        say(view, 'home'),
        homeBody(view, { openReviews, gap, open, openSince, platforms, batches }),
      )
    },
  )
  await reviewPages(app, options)
  await reconciliationPages(app, options)
  await webhookPages(app, options)
  await batchReportPages(app, options)
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
