import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'
import type { ReportDeps } from '../reports/batch/report.db.ts'
import type { ReconciliationRouteOptions } from '../reports/reconciliation/reconciliation.route.ts'
import { refuseForeignSite } from '../web/same-site.http.ts'
import { answerPage } from './answer-page.http.ts'
import { auditPages } from './pages/audit/audit.route.ts'
import { type BatchActOptions, batchActs } from './pages/batches/acts.route.ts'
import { batchReportPages } from './pages/batches/batch.route.ts'
import { type BatchListOptions, batchListPages } from './pages/batches/batches.route.ts'
import { type DeliveryPageOptions, deliveryPages } from './pages/deliveries/deliveries.route.ts'
import { type HeldPageOptions, heldPages } from './pages/held/held.route.ts'
import { type LinkagePageOptions, linkagePages } from './pages/linkage/linkage.route.ts'
import { type OverviewOptions, overviewPages } from './pages/overview/overview.route.ts'
import { peoplePages } from './pages/people/people.route.ts'
import { type PersonPageOptions, personPages } from './pages/persons/persons.route.ts'
import { platformPages } from './pages/platforms/platforms.route.ts'
import { type QualityPageOptions, qualityPages } from './pages/quality/quality.route.ts'
import { type QueuePageOptions, queuePages } from './pages/queues/queues.route.ts'
import { reconciliationPages } from './pages/reconciliation/reconciliation.route.ts'
import { type ReviewPageOptions, reviewPages } from './pages/reviews/reviews.route.ts'
import { type SearchOptions, searchPages } from './pages/search/search.route.ts'
import { type SettingsPageOptions, settingsPages } from './pages/settings/settings.route.ts'
import { type ProviderOptions, providerPages } from './pages/sign-in/provider.route.ts'
import { type SignInOptions, signInPages } from './pages/sign-in/sign-in.route.ts'
import { webhookPages } from './pages/webhooks/webhooks.route.ts'
import { doorTo } from './rights.ts'

const FORM_BYTES = 16 * 1024

export type ConsoleOptions = ReviewPageOptions &
  ReconciliationRouteOptions &
  ReportDeps &
  QueuePageOptions &
  BatchListOptions &
  BatchActOptions &
  DeliveryPageOptions &
  SearchOptions &
  HeldPageOptions &
  OverviewOptions &
  SettingsPageOptions &
  PersonPageOptions &
  SignInOptions &
  ProviderOptions &
  LinkagePageOptions &
  QualityPageOptions & {
    /** The address that others know the gateway by. */
    issuer: string
  }

/** The pages of the console for the ops team and the data steward; they work without a script. */
export async function consoleRoutes(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  app.setErrorHandler(answerPage)
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    async (_request: FastifyRequest, body: string) => formOf(new URLSearchParams(body)),
  )
  app.addHook('onRequest', async (request) => refuseForeignSite(request, options.issuer))

  await signInPages(app, options)
  await providerPages(app, options)
  await overviewPages(app, options)
  await batchListPages(app, options)
  await batchReportPages(app, options)
  await batchActs(app, options)
  await reviewPages(app, options)
  await personPages(app, options)
  await linkagePages(app, options)
  await reconciliationPages(app, options)
  await webhookPages(app, options)
  await qualityPages(app, options)
  await platformPages(app, options)
  await auditPages(app, options)
  await peoplePages(app, options)
  await settingsPages(app, options)
  await queuePages(app, options)
  await heldPages(app, options)
  await searchPages(app, options)
  await deliveryPages(app, options)
  app.get('/console/*', { config: doorTo('overview'), schema: { hide: true } }, async () => {
    throw new TitianError('not-found')
  })
}

/** What a form says; a name that stands several times (boxes that were ticked) has a list. */
function formOf(fields: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(fields.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = fields.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}
