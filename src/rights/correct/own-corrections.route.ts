import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { problems, ref } from '../../io/http/openapi.ts'
import { ownPlatformOf } from '../../trust/access/caller.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { keepRecord, openSaid } from './correction.db.ts'
import { tasksOfPlatform } from './correction.sql.ts'
import type { CorrectionDeps } from './correction-deps.ts'
import { Corrections, KeepBody } from './correction-shapes.ts'

const PAGE = 100

/** What a platform is asked to correct in its own records. */
export async function ownCorrectionRoutes(
  app: FastifyInstance,
  deps: CorrectionDeps & { db: Pool; clock: () => Date },
): Promise<void> {
  const { db, vault, clock } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get('/v1/corrections', { config: { scope: 'records:read' }, schema: LIST }, async ({ query, caller }) => {
    const platform = ownPlatformOf(caller)
    const wanted = { platform, open: query.all !== 'true', after: query.after ?? '', limit: PAGE }
    const tasks = await tasksOfPlatform(db, wanted)
    const now = clock()
    let opened = 0
    const corrections = tasks.map((task): Corrections['corrections'][number] => {
      const said = openSaid(vault, task)
      if (said !== null) opened += 1
      const { id, dataset, state, openedAt, dueAt, closedAt } = task
      return {
        id,
        dataset,
        state,
        opened_at: openedAt.toISOString(),
        due_at: dueAt.toISOString(),
        late: (closedAt ?? now) > dueAt,
        closed_at: closedAt?.toISOString() ?? null,
        key: said?.key ?? null,
        fields: Object.keys(said?.fields ?? {}),
        statement: said?.statement ?? null,
      }
    })
    if (opened > 0)
      await noteReading(db, {
        actor: caller.client,
        action: 'correction.read',
        object: platform,
        shown: { purpose: 'correction', records: opened },
      })
    return { corrections, next: tasks.length === PAGE ? (tasks.at(-1)?.id ?? null) : null }
  })

  typed.post(
    '/v1/corrections/:id/keep',
    { config: { scope: 'batches:write' }, schema: KEEP },
    async ({ params, body, caller }, reply) => {
      const platform = ownPlatformOf(caller)
      await keepRecord(deps, db, { id: params.id, platform, by: caller.client, reason: body.reason })
      return reply.code(204).send(null)
    },
  )
}

const closed = { additionalProperties: false }
const tags = ['records']

const LIST = {
  operationId: 'listCorrections',
  tags,
  summary: 'What persons ask to be corrected in your records',
  description:
    'Push the record with what is right: the task is closed by itself once every field says something else, or the record is withdrawn.',
  querystring: Type.Object(
    {
      all: Type.Optional(
        Type.Union([Type.Literal('true'), Type.Literal('false')], { description: 'closed ones, too' }),
      ),
      after: Type.Optional(Type.String({ pattern: '^cor_[0-9a-z]{26}$' })),
    },
    closed,
  ),
  response: { 200: ref(Corrections), ...problems('bad-request') },
}

const KEEP = {
  operationId: 'keepRecord',
  tags,
  summary: 'Say that a record is right as it is',
  description:
    'The platform has looked at its record and keeps it, with a reason that the person is told. The task is closed; the record stays as it is.',
  params: Type.Object({ id: Type.String({ pattern: '^cor_[0-9a-z]{26}$' }) }, closed),
  body: ref(KeepBody),
  response: {
    204: Type.Null({ description: 'The task is closed' }),
    ...problems('bad-request', 'not-found', 'request-closed'),
  },
}
