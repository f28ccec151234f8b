import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import { chooseType } from '../io/http/accept.ts'
import { speakTo } from '../io/http/language.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { limitOf, limitSchema } from '../io/http/paging.ts'
import { noteReading } from '../trust/audit/reading.db.ts'
import { type AskedDeps, frameOf, programmeAsked, shownValues } from './asked.http.ts'
import { toCandidateCsv } from './candidate-csv.ts'
import { CandidatePage } from './candidate-shapes.ts'
import { describeCandidateList } from './describe.ts'
import { REGION } from './facts/place.ts'
import { readCandidates } from './lists/candidates.db.ts'
import { readList } from './lists/list.sql.ts'
import { listOfToday, type MakeListDeps, makeList } from './lists/make-list.db.ts'
import { LIST_PARTS, type ListPart, type StoredList } from './lists/stored-list.ts'
import { readVillages } from './lists/verdict.sql.ts'
import { oneOf } from './programme.ts'
import type { CompiledProgramme } from './rules/compile-programme.ts'
import { CandidateList, CandidateListVillages } from './shapes.ts'

export type CandidatesDeps = AskedDeps & MakeListDeps & { countHeld: (platform: string) => Promise<number> }

const FORMS = ['application/json', 'application/x-ndjson', 'text/csv'] as const
const PAGE = 100
const MAX_PAGE = 500

/** Lists of candidates for a programme, by the platform's own keys: making one, and reading it page by page in three forms. */
export async function candidatesRoutes(app: FastifyInstance, { programmes: deps }: { programmes: CandidatesDeps }) {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'candidates:read' as const }

  typed.get('/v1/programmes/:programme/candidates', { config, schema: READ }, async (request, reply) => {
    const { params, query } = request
    const type = chooseType(request, reply, FORMS)
    const language = speakTo(request, reply)
    const limit = limitOf(query.limit, PAGE, MAX_PAGE)
    const frame = frameOf(deps, request, query.region)
    const compiled = programmeAsked(deps, params.programme, frame.day)
    const part = query.list ?? 'candidates'
    const [id, after] = (query.after ?? '').split('.')
    const list = id ? await readList(deps.db, id, frame.platform) : await listOfToday(deps, compiled, frame)
    // Pages of two lists do not fit together: who reads on in one that is gone begins anew.
    if (list === undefined || list.programme !== params.programme || list.region !== frame.region)
      throw new TitianError('list-renewed')
    const values = shownValues(request, frame.fields)
    const telling = { language, platform: frame.platform, values }
    const page = await readCandidates(deps, compiled, { frame, list, part, after: after ?? '', limit, telling })
    await noteReading(deps.db, {
      actor: request.caller.client,
      action: 'candidates.read',
      object: list.id,
      shown: { purpose: params.programme, part, records: page.rows.length },
    })
    const head = await headOf(list, compiled)
    const next = page.next === null ? null : `${list.id}.${page.next}`
    if (next !== null) {
      const asked = new URLSearchParams({ ...query, after: next })
      void reply.header('link', `</v1/programmes/${params.programme}/candidates?${asked}>; rel="next"`)
    }
    if (type === 'application/json') return { list: head, candidates: page.rows, next }
    if (type === 'text/csv')
      return reply.type('text/csv; charset=utf-8').send(toCandidateCsv(page.rows, head, language))
    const lines = [{ list: head, next }, ...page.rows].map((line) => `${JSON.stringify(line)}\n`)
    return reply.type(type).send(lines.join(''))
  })

  typed.post('/v1/programmes/:programme/lists', { config, schema: MAKE }, async (request) => {
    const frame = frameOf(deps, request, request.query.region)
    const compiled = programmeAsked(deps, request.params.programme, frame.day)
    const list = await makeList(deps, compiled, frame)
    await noteReading(deps.db, {
      actor: request.caller.client,
      action: 'candidates.made',
      object: list.id,
      shown: { purpose: request.params.programme, residents: list.residents },
    })
    return headOf(list, compiled)
  })

  typed.get('/v1/programmes/:programme/lists/:list', { config, schema: READ_LIST }, async (request) => {
    const { programme, list: id } = request.params
    const frame = frameOf(deps, request, undefined)
    const compiled = programmeAsked(deps, programme, frame.day)
    const list = await readList(deps.db, id, frame.platform)
    if (list === undefined || list.programme !== programme) throw new TitianError('not-found')
    return { list: await headOf(list, compiled), villages: await readVillages(deps.db, list.id) }
  })

  async function headOf(list: StoredList, compiled: CompiledProgramme) {
    const { previous, platform } = list
    return describeCandidateList(list, compiled, {
      before: previous === null ? undefined : await readList(deps.db, previous, platform),
      villages: await readVillages(deps.db, list.id),
      held: await deps.countHeld(platform),
    })
  }
}

const closed = { additionalProperties: false }
const Programme = Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$', examples: ['kjp'] })
const Region = Type.String({
  pattern: REGION,
  description: 'BPS code; else the whole scope',
  examples: ['3171'],
})
const tags = ['programmes']
const failures = problems(
  ...([
    'programme-unknown',
    'programme-not-in-force',
    'agreement-not-in-force',
    'region-outside',
    'list-making',
  ] as const),
  ...(['list-renewed', 'not-acceptable'] as const),
)

const READ = {
  operationId: 'listCandidates',
  tags,
  summary: "Candidates for a programme among one's own residents",
  description:
    'The list of today is made when it is first asked for, and compared with the one before. `list=undecided` are those whom a human ' +
    'has to look at: a deciding value is not known, or a match is under review. Reasons are worked out anew for every page, so that ' +
    '`now` may differ from `verdict`. Nobody is decided on. While a large list is being made the answer is `list-making`: ask again.',
  params: Type.Object({ programme: Programme }, closed),
  querystring: Type.Object(
    {
      region: Type.Optional(Region),
      list: Type.Optional(
        Type.Unsafe<ListPart>({
          ...oneOf(LIST_PARTS),
          description: '`added` and `gone` compare the candidates with the list before',
        }),
      ),
      after: Type.Optional(
        Type.String({
          pattern: '^lst_[0-9a-z]{26}\\.(fam|per)_[0-9a-z]{26}$',
          description: '`next` of the page before',
        }),
      ),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
    },
    closed,
  ),
  response: {
    200: {
      description: 'A page of the list',
      content: {
        'application/json': { schema: ref(CandidatePage) },
        'application/x-ndjson': { schema: Type.String() },
        'text/csv': { schema: Type.String() },
      },
    },
    ...failures,
  },
}

const MAKE = {
  operationId: 'makeCandidateList',
  tags,
  summary: 'Make a new list of candidates now',
  description: 'For instance after new results came. It is compared with the list before; the two newest are kept.',
  params: Type.Object({ programme: Programme }, closed),
  querystring: Type.Object({ region: Type.Optional(Region) }, closed),
  response: { 200: ref(CandidateList), ...failures },
}

const READ_LIST = {
  operationId: 'readCandidateList',
  tags,
  summary: 'One list with the counts of every village',
  description:
    'Its counts as a whole and by village, the day and rules that it was made by, and how it differs from the list before.',
  params: Type.Object({ programme: Programme, list: Type.String({ pattern: '^lst_[0-9a-z]{26}$' }) }, closed),
  response: {
    200: ref(CandidateListVillages),
    ...problems('not-found', 'programme-unknown', 'programme-not-in-force', 'agreement-not-in-force'),
  },
}
