import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { type AppDeps, type AppParts, appParts } from './app-parts.ts'
import { consoleUrlOf, servedBeside } from './app-people.ts'
import { CATALOGUE_API } from './catalogue/api.route.ts'
import { documentOptions } from './catalogue/document.ts'
import { answerPage } from './console/answer-page.http.ts'
import { CONSOLE_PAGES, FRONT_API } from './console/api.route.ts'
import { BOARD_PATH } from './console/pages/queues/queue-board.route.ts'
import { doorTo } from './console/rights.ts'
import { ENGINE_API } from './engine/api.route.ts'
import { FORWARD_API } from './forward/api.route.ts'
import { INTAKE_API } from './intake/api.route.ts'
import { HTTP_API } from './io/http/api.route.ts'
import { type ApiModule, registerModules } from './io/http/api-module.ts'
import { FOREIGN_PAGE, withoutQuery } from './io/http/docs-page.ts'
import { documentProblems } from './io/http/document-problems.ts'
import { problemHandling, serverOptions } from './io/http/http.ts'
import { proxiesOf } from './io/http/limits/proxies.ts'
import { limitRates } from './io/http/limits/rate.http.ts'
import { createWall } from './io/postgres/wall.sql.ts'
import { renewingCertificate, tlsOptions } from './io/transport/tls.file.ts'
import { LINK_API } from './link/api.route.ts'
import { NOTIFY_API } from './notify/api.route.ts'
import { PORTAL_API } from './portal/api.route.ts'
import { PROGRAMMES_API } from './programmes/api.route.ts'
import { REPORTS_API } from './reports/api.route.ts'
import { RESULTS_API } from './results/api.route.ts'
import { RIGHTS_API } from './rights/api.route.ts'
import { authenticate, callerName } from './trust/access/authenticate.ts'
import { takeCredentialFrom } from './trust/access/credential-header.http.ts'
import { workBehindWall } from './trust/access/platform-wall.http.ts'
import { basePathOf } from './trust/access/public-url.ts'
import { TRUST_API } from './trust/api.route.ts'

/** Requests that wait for a connection to the database, at most: one more is told to come again. */
const MOST_WAITING = 1000

/** The API without the console: what each room answers with, and its routes. */
const API: readonly ApiModule<AppParts>[] = [
  HTTP_API,
  TRUST_API,
  INTAKE_API,
  ENGINE_API,
  REPORTS_API,
  CATALOGUE_API,
  FORWARD_API,
  LINK_API,
  RESULTS_API,
  PROGRAMMES_API,
  NOTIFY_API,
  RIGHTS_API,
  FRONT_API,
  PORTAL_API,
]

/** What a listener serves: all, or the API and the console each on one of its own. */
const SERVED = {
  everything: [...API, CONSOLE_PAGES],
  api: API,
  console: [HTTP_API, CONSOLE_PAGES],
} as const satisfies Record<string, readonly ApiModule<AppParts>[]>
export type Served = keyof typeof SERVED

/**
 * The application, ready to listen. What every request passes is registered before any route, which would not see it else. Throws
 * `config-invalid` where settings of the console's listener make no sense.
 */
export async function buildApp(deps: AppDeps, served: Served = servedBeside(deps.config)): Promise<FastifyInstance> {
  const { config, db, registry, log } = deps
  const wall = createWall()
  const walled = { ...deps, db: wall.behind(db), whole: db }
  const parts = appParts(served === 'console' ? { ...walled, publicUrl: consoleUrlOf(deps) } : walled)
  const basePath = basePathOf(parts.issuer)
  const app: FastifyInstance = Fastify(
    serverOptions(log, { basePath, tls: tlsOptions(config), proxies: proxiesOf(config.TRUST_PROXY) }),
  )
  const certificate = renewingCertificate(app.server, config, log)
  app.addHook('onListen', async () => certificate.watch())
  app.addHook('onClose', async () => certificate.unwatch())
  if (deps.tracing?.plugin) await app.register(deps.tracing.plugin)
  await app.register(problemHandling, { basePath, slowSeconds: config.SLOW_SECONDS })
  app.addHook('onRoute', documentProblems)
  await app.register(swagger, documentOptions(registry, basePath))
  takeCredentialFrom(app, config)
  await app.register(authenticate, {
    db,
    tokens: parts.tokens,
    senders: parts.senders,
    sessions: parts.sessions,
    people: parts.peopleSessions,
    access: {
      '/docs': config.DOCS_PUBLIC ? { public: 'DOCS_PUBLIC is set' } : doorTo('documents'),
      [BOARD_PATH]: doorTo('queues'),
    },
  })
  workBehindWall(app, wall)
  limitRates(app, {
    quota: config.REQUESTS_PER_MINUTE,
    nameOf: callerName,
    isFull: () => db.waitingCount > MOST_WAITING,
  })
  const documents: FastifyPluginAsync = async (scope) => {
    if (served === 'everything') scope.setErrorHandler(answerPage)
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      indexPrefix: basePath,
      staticCSP: FOREIGN_PAGE,
      uiHooks: { onRequest: withoutQuery },
    })
  }
  if (served !== 'console') await app.register(documents)
  await registerModules(app, SERVED[served], parts)
  return app
}
