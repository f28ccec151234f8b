import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { PLATFORM_NAME, type Platform } from '../../domain/platform.ts'
import { QUARTER_PATTERN } from '../../domain/quarter.ts'
import { chooseType } from '../../io/http/accept.ts'
import { speakTo } from '../../io/http/language.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { limitOf, limitSchema } from '../../io/http/paging.ts'
import type { ResultCatalogue } from '../../results/catalogue.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { isCursorOf, LIST_CURSOR, LISTS } from './lists.ts'
import { type ReconciliationDeps, readReconciledList } from './reconciliation.db.ts'
import type { Asked } from './reconciliation.sql.ts'
import { toListCsv } from './reconciliation-csv.ts'
import { Reconciliation, ReconciliationPage } from './reconciliation-shapes.ts'
import { begunQuarter, shownRecord } from './shown.ts'
import type { Totals } from './totals.ts'

export type ReconciliationRouteOptions = ReconciliationDeps & {
  registry: { platforms: ReadonlyMap<string, Platform> }
  resultCatalogue: ResultCatalogue
  clock: () => Date
  /** Counts, one question after the other: each reads all records of a platform. */
  reconciliationTotals(asked: Asked): Promise<Totals>
}

const SCOPES = ['results:read', 'steward'] as const
const FORMS = ['application/json', 'text/csv'] as const
const PAGE = 500
const MAX_PAGE = 5000
const LEVELS = ['individu', 'keluarga'] as const

/** `GET /v1/reconciliation`: what a platform sent, what BPS says of it in a quarter, and the lists behind the counts. */
export async function reconciliationRoutes(app: FastifyInstance, options: ReconciliationRouteOptions): Promise<void> {
  const { registry, resultCatalogue: catalogue, clock, reconciliationTotals: totals } = options
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get('/v1/reconciliation', { config: { scope: [...SCOPES] }, schema: TOTALS }, async (request) => {
    const { quarter, level = 'individu' } = request.query
    const asked = askedOf(request, quarter, level, request.query.platform)
    return { platform: asked.platform, quarter: asked.quarter.name, level, ...(await totals(asked)) }
  })

  typed.get('/v1/reconciliation/:list', { config: { scope: [...SCOPES] }, schema: LIST }, async (request, reply) => {
    const { list } = request.params
    const { quarter, level = 'individu', platform, after = '' } = request.query
    const type = chooseType(request, reply, FORMS)
    const limit = limitOf(request.query.limit, PAGE, MAX_PAGE)
    if (!isCursorOf(list, after)) throw bad('/querystring/after', 'cursor-foreign')
    const asked = askedOf(request, quarter, level, platform)
    const { items, next } = await readReconciledList(options, asked, list, { after, limit })
    const keyed = items.filter(({ key }) => key !== null).length
    if (keyed > 0)
      await noteReading(options.db, {
        actor: request.caller.client,
        action: 'reconciliation.read',
        object: asked.platform,
        shown: { purpose: 'reconciliation', list, records: keyed },
      })
    const language = speakTo(request, reply)
    const records = items.map((item) => shownRecord(item, catalogue, language))
    if (next !== null) {
      const query = new URLSearchParams({ quarter: asked.quarter.name, level, after: next, limit: String(limit) })
      if (platform !== undefined) query.set('platform', platform)
      void reply.header('link', `</v1/reconciliation/${list}?${query}>; rel="next"`)
    }
    if (type === 'text/csv') return reply.type('text/csv; charset=utf-8').send(toListCsv(records))
    return { list, records, next }
  })

  function askedOf(request: FastifyRequest, quarter: string | undefined, level: Asked['level'], named?: string): Asked {
    const found = begunQuarter(quarter, clock())
    if (found === undefined) throw bad('/querystring/quarter', 'quarter-to-come')
    const name = request.caller.platform ?? named
    if (name === undefined) throw bad('/querystring/platform', 'required')
    if (request.caller.platform !== null && named !== undefined && named !== name) throw new TitianError('not-found')
    const platform = registry.platforms.get(name)
    if (platform === undefined) throw new TitianError('not-found')
    return { platform: name, scope: platform.scope, level, quarter: found }
  }
}

function bad(pointer: string, code: string): TitianError {
  return new TitianError('bad-request', undefined, { places: [{ pointer, code }] })
}

const ASKED = {
  quarter: Type.Optional(
    Type.String({
      pattern: QUARTER_PATTERN,
      description: 'year and quarter; the present one if not given',
      examples: ['2026-Q3'],
    }),
  ),
  level: Type.Optional(Type.Enum([...LEVELS], { description: 'persons (`individu`, if not given) or families' })),
  platform: Type.Optional(
    Type.String({ pattern: `^${PLATFORM_NAME}$`, description: 'Whose; for a steward, who speaks for no platform' }),
  ),
}

const TOTALS = {
  operationId: 'readReconciliation',
  tags: ['results'],
  summary: 'What was sent, and what BPS says of it',
  description: [
    'Counts the records that the platform has now by the latest result of their subject in the quarter. `sent` is the sum of the lists.',
    'It reads all records of the platform, one question after the other: ask once a day, not once a minute.',
  ].join('\n'),
  querystring: Type.Object(ASKED, { additionalProperties: false }),
  response: { 200: ref(Reconciliation), ...problems('bad-request', 'not-found', 'too-many') },
}

const LIST = {
  operationId: 'readReconciliationList',
  tags: ['results'],
  summary: 'One list of the reconciliation',
  description:
    'By the own keys of the platform, with reasons. A page may be short, or empty, and still have a next one: follow `next`, or the `Link` header, until there is none.',
  params: Type.Object({ list: Type.Enum([...LISTS]) }, { additionalProperties: false }),
  querystring: Type.Object(
    {
      ...ASKED,
      after: Type.Optional(Type.String({ pattern: LIST_CURSOR, description: '`next` of the page before' })),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'A page of the list',
      content: {
        'application/json': { schema: ref(ReconciliationPage) },
        'text/csv': { schema: Type.String() },
      },
    },
    ...problems('bad-request', 'not-found', 'not-acceptable'),
  },
}
