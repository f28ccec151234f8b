import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { BatchId } from '../../domain/ids.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import { personOf, platformOf } from '../../trust/access/caller.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { readReceivedAt } from '../received.ts'
import { moveBreach, openBreach, openBreachSaid, ownConcerned } from './breach.db.ts'
import { concernedBy, findBreach, listBreaches } from './breach.sql.ts'
import type { BreachDeps } from './breach-deps.ts'
import { BreachBody, BreachList, BreachView, viewOfBreach } from './breach-shapes.ts'

const OPEN_MILLISECONDS = 600_000
const PAGE = 5000

/** The record of breaches: whom each concerns, what the notice says, and the clock of article 46. */
export async function breachRoutes(
  app: FastifyInstance,
  deps: BreachDeps & { db: Pool; clock: () => Date },
): Promise<void> {
  const { db, vault, clock, securityContact } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'steward' as const }
  const seen = { scope: ['steward', 'ops', 'records:read'] as ('steward' | 'ops' | 'records:read')[] }

  typed.post(
    '/v1/breaches',
    { config, handlerTimeout: OPEN_MILLISECONDS, schema: OPEN },
    async ({ body, caller }, reply) => {
      const by = personOf(caller)
      const { known_at, data, how, handling, client = null, batches = [] } = body
      if (client === null && batches.length === 0)
        throw new TitianError('bad-request', undefined, { places: [{ pointer: '/body/client', code: 'required' }] })
      const id = await openBreach(deps, db, {
        knownAt: readReceivedAt(known_at, clock(), '/body/known_at') ?? clock(),
        said: { data, how, handling },
        client,
        from: body.from === undefined ? null : new Date(body.from),
        to: body.to === undefined ? null : new Date(body.to),
        batches: batches as BatchId[],
        by,
      })
      void reply.code(201).header('location', `/v1/breaches/${id}`)
      return view(id, null)
    },
  )

  typed.get('/v1/breaches', { config: seen, schema: LIST }, async ({ caller }) => {
    const platform = platformOf(caller)
    const found = await listBreaches(db, platform !== null)
    return { breaches: found.map((breach) => shown(breach, platform)) }
  })

  typed.get('/v1/breaches/:id', { config: seen, schema: READ }, ({ params, caller }) =>
    view(params.id, platformOf(caller)),
  )

  typed.post('/v1/breaches/:id/tell', { config, schema: TELL }, async ({ params, caller }) => {
    await moveBreach(db, { id: params.id, by: personOf(caller), to: 'told' })
    return view(params.id, null)
  })

  typed.post('/v1/breaches/:id/close', { config, schema: CLOSE }, async ({ params, caller }) => {
    await moveBreach(db, { id: params.id, by: personOf(caller), to: 'closed' })
    return view(params.id, null)
  })

  typed.get(
    '/v1/breaches/:id/records',
    { config: { scope: ['steward', 'records:read'] }, schema: RECORDS },
    async (request, reply) => {
      const platform = platformOf(request.caller)
      const breach = await findBreach(db, request.params.id)
      if (breach === undefined || (platform !== null && breach.state === 'open')) throw new TitianError('not-found')
      await noteReading(db, {
        actor: request.caller.client,
        action: 'breach.read',
        object: breach.id,
        shown: { purpose: 'breach', platform: platform ?? 'all' },
      })
      const pages = platform === null ? subjectPages(breach.id) : ownConcerned(db, deps, breach, platform)
      reply.type('application/x-ndjson')
      // The document calls the body a string; it is sent as it comes.
      return Readable.from(linesOf(pages), { objectMode: false }) as unknown as string
    },
  )

  async function* subjectPages(id: string): AsyncGenerator<{ subject: string }[]> {
    for (let after = ''; ; ) {
      const subjects = await concernedBy(db, id, after, PAGE)
      yield subjects.map((subject) => ({ subject }))
      if (subjects.length < PAGE) return
      after = subjects.at(-1) ?? after
    }
  }

  function shown(breach: Parameters<typeof viewOfBreach>[0], platform: string | null) {
    const contact = securityContact ?? '-'
    return viewOfBreach(breach, openBreachSaid(vault, breach), { contact, now: clock(), platform })
  }

  async function view(id: string, platform: string | null) {
    const breach = await findBreach(db, id)
    if (breach === undefined || (platform !== null && breach.state === 'open')) throw new TitianError('not-found')
    return shown(breach, platform)
  }
}

async function* linesOf(pages: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const page of pages) if (page.length > 0) yield page.map((line) => `${JSON.stringify(line)}\n`).join('')
}

const tags = ['subjects']
const BreachPath = Type.Object({ id: Type.String({ pattern: '^brc_[0-9a-z]{26}$' }) }, { additionalProperties: false })
const breach = (description: string) => ({ description, ...json(ref(BreachView)) })

const OPEN = {
  operationId: 'openBreach',
  tags,
  summary: 'Open a breach, and find whom it concerns',
  description:
    'By what a client has read, as the audit log says, and by whole batches. A reading of very many at once (a snapshot, an export, a ' +
    'feed) concerns a platform as a whole, or everybody.',
  body: ref(BreachBody),
  response: { 201: breach('It is open: the clock runs'), ...problems('bad-request', 'person-missing') },
}

const LIST = {
  operationId: 'listBreaches',
  tags,
  summary: 'Breaches, the latest first',
  description: 'A platform sees those of which the notice was given.',
  response: { 200: ref(BreachList), ...problems() },
}

const READ = {
  operationId: 'readBreach',
  tags,
  summary: 'A breach, with its notice and its clock',
  description:
    'The notice is due 3 × 24 hours after the breach was known (UU PDP, article 46). Reading it is written into the audit log.',
  params: BreachPath,
  response: { 200: breach('As it stands'), ...problems('bad-request', 'not-found') },
}

const TELL = {
  operationId: 'tellBreach',
  tags,
  summary: 'Note that the notice of a breach was given',
  description:
    'To the authority and those concerned, by another person than opened it: the clock stops, and platforms see it with their records ' +
    'from now on.',
  params: BreachPath,
  response: {
    200: breach('The clock has stopped'),
    ...problems('bad-request', 'not-found', 'person-missing', 'second-steward', 'breach-closed'),
  },
}

const CLOSE = {
  operationId: 'closeBreach',
  tags,
  summary: 'Close a breach of which the notice was given',
  description:
    'By another person than told of it. Nothing of the record is lost; it takes no more subjects. Asked again it is refused with `breach-closed`.',
  params: BreachPath,
  response: {
    200: breach('Closed'),
    ...problems('bad-request', 'not-found', 'person-missing', 'second-steward', 'breach-closed'),
  },
}

const RECORDS = {
  operationId: 'readBreachRecords',
  tags,
  summary: 'Whom a breach concerns',
  description:
    'For a platform, once the notice was given: a line `{dataset, level, key}` for each of its own records. For a steward: a line ' +
    '`{subject}` for each person and family that is concerned for certain.',
  params: BreachPath,
  response: {
    200: { description: 'NDJSON', content: { 'application/x-ndjson': { schema: Type.String() } } },
    ...problems('bad-request', 'not-found'),
  },
}
