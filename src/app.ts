import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance, type FastifyPluginAsync, type RouteOptions } from 'fastify'
import type { Pool } from 'pg'
import { catalogueRoutes } from './catalogue/catalogue.route.ts'
import type { CatalogueRegistry } from './catalogue/catalogue.ts'
import { CATALOGUE_SHAPES } from './catalogue/catalogue-shapes.ts'
import { documentOptions } from './catalogue/document.ts'
import { previewRoutes } from './catalogue/preview.route.ts'
import type { CompiledDataset } from './catalogue/registry.ts'
import type { Config } from './config.ts'
import { consoleRoutes } from './console/console.route.ts'
import { metricsRoutes } from './console/metrics.route.ts'
import { QUEUES_PATH, queueBoard } from './console/queues.route.ts'
import type { FindingText } from './domain/finding.ts'
import type { Platform } from './domain/platform.ts'
import { ENGINE_SHAPES } from './engine/batch-shapes.ts'
import { dispatchDue } from './engine/dispatch.db.ts'
import { ENGINE_FINDINGS } from './engine/findings.ts'
import { releaseRoutes } from './engine/release.route.ts'
import { deliveryRoutes } from './forward/delivery.route.ts'
import { FORWARD_FINDINGS } from './forward/findings.ts'
import { operateRoutes } from './forward/operate.route.ts'
import { INTAKE_FINDINGS } from './intake/findings.ts'
import { readEntries } from './intake/formats/read.ts'
import { batchRoutes } from './intake/submit.route.ts'
import { healthRoutes } from './io/http/health.route.ts'
import { problems, serverOptions } from './io/http/http.ts'
import { problemRoutes } from './io/http/problem.route.ts'
import { Problem } from './io/http/problem.ts'
import type { Crash } from './io/observe/crash.ts'
import type { Log } from './io/observe/log.ts'
import type { Metrics } from './io/observe/metrics.ts'
import type { Queue } from './io/queue.ts'
import { LINK_FINDINGS } from './link/findings.ts'
import { LINK_SHAPES } from './link/persons/link-shapes.ts'
import { linksRoutes } from './link/persons/links.route.ts'
import { personRoutes } from './link/persons/person.route.ts'
import { reviewRoutes } from './link/review/review.route.ts'
import { REVIEW_SHAPES } from './link/review/review-shapes.ts'
import { readModel } from './link/score/model-file.ts'
import { compileSurvivorship } from './link/subjects/survivorship.ts'
import { batchesRoutes } from './reports/batches.route.ts'
import { conservationRoutes } from './reports/conservation.route.ts'
import { findingsRoutes } from './reports/findings.route.ts'
import { recordRoutes } from './reports/record.route.ts'
import { REPORT_SHAPES } from './reports/shapes.ts'
import { authenticate } from './trust/access/authenticate.ts'
import { createLogin } from './trust/access/login.ts'
import { tokenRoutes } from './trust/access/token.route.ts'
import { createTokens } from './trust/access/token.ts'
import type { KeyRing } from './trust/keys/keyring.ts'
import type { Vault } from './trust/keys/vault.ts'

/** What the API asks of the compiled registry. */
type AppRegistry = CatalogueRegistry & {
  /** The version of each dataset that new batches get. */
  datasets: ReadonlyMap<string, CompiledDataset>
  platforms: ReadonlyMap<string, Platform>
  findings: Readonly<Record<string, FindingText>>
  /** The linkage model file as it stands. */
  linkage: string
  /** `canonical/survivorship.yaml` as it stands. */
  survivorship: unknown
}

export type AppDeps = {
  config: Config
  db: Pool
  vault: Vault
  ring: KeyRing
  registry: AppRegistry
  queue: Pick<Queue, 'dispatch' | 'boards'>
  log: Log
  metrics: Metrics
  crash: Crash
  /** The address that others know the gateway by: issuer and audience of its tokens. */
  publicUrl: string
}

/** The whole API, ready to listen. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { config, db, vault, ring, registry, queue, log, metrics, crash, publicUrl } = deps
  const app: FastifyInstance = Fastify(serverOptions(log))
  const tokens = createTokens(ring, { issuer: publicUrl, seconds: config.TOKEN_SECONDS })
  const login = createLogin(db, vault)
  const findings = {
    ...registry.findings,
    ...INTAKE_FINDINGS,
    ...ENGINE_FINDINGS,
    ...LINK_FINDINGS,
    ...FORWARD_FINDINGS,
  }
  const dispatchFor = (platform: string) => dispatchDue(db, queue, { window: config.WINDOW, platform })
  const scoringModel = readModel(registry.linkage)
  const survivorship = compileSurvivorship(registry.survivorship)
  const desk = { db, vault, scoringModel, fourEyes: config.FOUR_EYES, dispatch: dispatchFor }

  for (const shape of [
    Problem,
    ...ENGINE_SHAPES,
    ...REPORT_SHAPES,
    ...CATALOGUE_SHAPES,
    ...REVIEW_SHAPES,
    ...LINK_SHAPES,
  ])
    app.addSchema(shape)
  await app.register(problems)
  app.addHook('onRoute', documentProblems)
  await app.register(swagger, documentOptions(documented(registry)))
  await app.register(authenticate, {
    db,
    tokens,
    login,
    access: {
      '/docs': config.DOCS_PUBLIC ? { public: 'DOCS_PUBLIC is set' } : { scope: 'ops', basic: true },
      [QUEUES_PATH]: { scope: 'ops', basic: true },
    },
  })

  await app.register(swaggerUi, { routePrefix: '/docs' })
  const plugins: FastifyPluginAsync[] = [
    healthRoutes({ db }),
    problemRoutes,
    (scope) => tokenRoutes(scope, { ring, tokens, login, issuer: publicUrl }),
    (scope) =>
      batchRoutes(scope, {
        db,
        vault,
        registry,
        findings,
        limits: limitsOf(config),
        dispatch: dispatchFor,
        crash,
        clock: () => new Date(),
      }),
    (scope) => batchesRoutes(scope, { db }),
    (scope) => releaseRoutes(scope, { db, vault, registry, limits: limitsOf(config), crash, dispatch: dispatchFor }),
    (scope) => findingsRoutes(scope, { db, vault, findings }),
    (scope) => recordRoutes(scope, { db, vault, findings }),
    (scope) => catalogueRoutes(scope, { registry }),
    (scope) =>
      previewRoutes(scope, {
        registry,
        read: (bytes, format, array) => readEntries(bytes, format, { recordBytes: config.LINE_BYTES, array }),
      }),
    (scope) => conservationRoutes(scope, { db }),
    (scope) => deliveryRoutes(scope, { db, vault }),
    operateRoutes({ db, hasten: () => dispatchDue(db, queue, { window: config.WINDOW }) }),
    (scope) => reviewRoutes(scope, desk),
    (scope) => personRoutes(scope, { db, vault, scoringModel, survivorship, dispatch: dispatchFor }),
    (scope) => linksRoutes(scope, { db, vault, scoringModel, dispatch: dispatchFor }),
    (scope) => consoleRoutes(scope, { ...desk, canonical: registry.canonical }),
    (scope) => metricsRoutes(scope, { metrics }),
    (scope) => queueBoard(scope, { queue }),
  ]
  for (const plugin of plugins) await app.register(plugin)
  return app
}

function limitsOf(config: Config) {
  return {
    packedBytes: config.BODY_BYTES,
    unpackedBytes: config.UNPACKED_BYTES,
    ratio: config.UNPACKED_RATIO,
    ratioFrom: 10_000_000,
    recordBytes: config.LINE_BYTES,
    records: config.CHUNK_RECORDS,
    bytes: config.CHUNK_BYTES,
    openBatches: config.OPEN_BATCHES,
    uploads: config.UPLOADS,
  }
}

function documented({ datasets }: AppRegistry) {
  return [...datasets.values()]
    .map(({ name, version, format, folder }) => ({ name, version, format, schema: folder.schema.value as object }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Every route may answer with a problem; one that says itself which ones keeps that. */
function documentProblems({ schema }: RouteOptions): void {
  if (schema === undefined || schema.hide === true) return
  const said = (schema.response ?? {}) as Record<string, unknown>
  if (Object.keys(said).some((status) => status.startsWith('4'))) return
  const problem = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  }
  schema.response = { ...said, '4xx': problem, '5xx': problem }
}
