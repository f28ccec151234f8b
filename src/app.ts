import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance } from 'fastify'
import { type AppDeps, type AppParts, appParts } from './app-parts.ts'
import { CATALOGUE_API } from './catalogue/api.route.ts'
import { documentOptions } from './catalogue/document.ts'
import { CONSOLE_API } from './console/api.route.ts'
import { BOARD_PATH } from './console/pages/queues/queue-board.route.ts'
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

/** The whole API: what each room answers with, and its routes. */
const MODULES: readonly ApiModule<AppParts>[] = [
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
  CONSOLE_API,
  PORTAL_API,
]

/** The application, ready to listen. What every request passes is registered before any route, which would not see it else. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { config, db, registry, log } = deps
  const wall = createWall()
  const parts = appParts({ ...deps, db: wall.behind(db), whole: db })
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
    login: parts.login,
    senders: parts.senders,
    sessions: parts.sessions,
    access: {
      '/docs': config.DOCS_PUBLIC ? { public: 'DOCS_PUBLIC is set' } : { scope: 'ops', basic: true },
      [BOARD_PATH]: { scope: 'ops', basic: true },
    },
  })
  workBehindWall(app, wall)
  limitRates(app, {
    quota: config.REQUESTS_PER_MINUTE,
    nameOf: callerName,
    isFull: () => db.waitingCount > MOST_WAITING,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    indexPrefix: basePath,
    staticCSP: FOREIGN_PAGE,
    uiHooks: { onRequest: withoutQuery },
  })
  await registerModules(app, MODULES, parts)
  return app
}
