import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { Platform } from '../../domain/platform.ts'
import { chooseType } from '../../io/http/accept.ts'
import { speakTo } from '../../io/http/language.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { limitOf, limitSchema } from '../../io/http/paging.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { requireAgreement } from '../../trust/agreements/agreement.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import type { ResultCatalogue } from '../catalogue.ts'
import { lastPlace, noticesAfter, sequenceNotices } from '../notice.sql.ts'
import type { DatasetBack } from './dataset-back.ts'
import { type ReturnDeps, returnResults } from './returned.db.ts'
import { toResultCsv } from './returned-csv.ts'
import { ReturnedResult } from './returned-shape.ts'

export type ResultFeedOptions = ReturnDeps & {
  db: Pool
  resultCatalogue: ResultCatalogue
  layoutOf(dataset: string): DatasetBack | undefined
  platforms: ReadonlyMap<string, Platform>
  clock: () => Date
  /** The epoch of this database's feeds: a restore begins them anew. */
  feedEpoch(db: Db): Promise<string>
}

const FORMS = ['application/x-ndjson', 'text/csv'] as const
const PAGE = 500
const MAX_PAGE = 2000
const START = '0'

/** `GET /v1/results`: what BPS says of a platform's own records, by cursor, in its own keys and codes. */
export async function resultFeedRoutes(app: FastifyInstance, options: ResultFeedOptions): Promise<void> {
  const { db, resultCatalogue: catalogue, layoutOf, feedEpoch, platforms, clock } = options
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get('/v1/results', { config: { scope: 'results:read' }, schema: SCHEMA }, async (request, reply) => {
    const { platform } = request.caller
    const known = platform === null ? undefined : platforms.get(platform)
    if (platform === null || known === undefined)
      throw new TitianError('scope-missing', `${request.caller.client} speaks for no platform`)
    requireAgreement(known, clock())
    const { after = START, dataset } = request.query
    const type = chooseType(request, reply, FORMS)
    const csv = dataset === undefined ? undefined : layoutOf(dataset)?.csv
    if (type === 'text/csv' && csv === undefined) throw noCsv(dataset)
    const limit = limitOf(request.query.limit, PAGE, MAX_PAGE)
    const epoch = await feedEpoch(db)
    await sequenceNotices(db)
    const notices = await noticesAfter(db, platform, await placeOf(after, epoch), limit)
    const subjects = notices.map(({ subject }) => subject)
    const turning = { catalogue, layoutOf, language: speakTo(request, reply) }
    const all = await returnResults(db, options, { platform, subjects }, turning)
    const results = dataset === undefined ? all : all.filter((result) => result.dataset === dataset)
    if (results.length > 0)
      await noteReading(db, {
        actor: request.caller.client,
        action: 'results.read',
        object: platform,
        shown: { purpose: 'results', records: results.length },
      })
    const last = notices.at(-1)
    const query = new URLSearchParams({
      after: last === undefined ? after : `${epoch}-${last.position}`,
      limit: String(limit),
      ...(dataset !== undefined && { dataset }),
    })
    void reply.header('link', `</v1/results?${query}>; rel="next"`)
    if (type === 'text/csv' && csv !== undefined)
      return reply.type('text/csv; charset=utf-8').send(toResultCsv(results, csv))
    return reply.type(type).send(results.map((result) => `${JSON.stringify(result)}\n`).join(''))
  })

  /** The place that a cursor means; one of another epoch, or that was never given, would skip whatever comes until then. */
  async function placeOf(after: string, epoch: string): Promise<string> {
    if (after === START) return START
    const [of = '', position = START] = after.split('-')
    if (of !== epoch || BigInt(position) > BigInt(await lastPlace(db)))
      throw new TitianError('feed-renewed', undefined, {
        places: [{ pointer: '/querystring/after', code: 'feed-renewed' }],
      })
    return position
  }
}

function noCsv(dataset: string | undefined): TitianError {
  const message = dataset === undefined ? 'CSV is of one dataset: name it' : `${dataset} is no CSV dataset: take NDJSON`
  const code = dataset === undefined ? 'required' : 'no-csv'
  return new TitianError('bad-request', message, { places: [{ pointer: '/querystring/dataset', code }] })
}

const SCHEMA = {
  operationId: 'readResults',
  tags: ['results'],
  summary: 'What BPS says of your own records',
  description: [
    'NDJSON, one `ReturnedResult` each; or, for a CSV dataset, CSV under its own column names and `hasil_` columns.',
    'Follow the `next` of the `Link` header until it leads to where you are, and poll with it: whoever has news again comes again, at a later place, and always with the latest result.',
  ].join('\n'),
  querystring: Type.Object(
    {
      after: Type.Optional(
        Type.String({
          pattern: '^(0|[0-9a-f]{12}-[1-9][0-9]{0,17})$',
          description: 'the `after` of the link `next`, as it is; 0 for the first page',
        }),
      ),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
      dataset: Type.Optional(
        Type.String({ maxLength: 64, pattern: '^[a-z0-9-]+$', description: 'only records of this dataset' }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'A page of results; the next is in the `Link` header',
      content: {
        'application/x-ndjson': { schema: ref(ReturnedResult) },
        'text/csv': { schema: Type.String() },
      },
    },
    ...problems('bad-request', 'not-acceptable', 'feed-renewed', 'agreement-not-in-force'),
  },
}
