import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { PersonId } from '../../domain/ids.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import { personOf } from '../../trust/access/caller.ts'
import { readReceivedAt } from '../received.ts'
import { askRestriction, askToLift, confirmRestriction, refuseRestriction } from './restriction.db.ts'
import { findRestriction } from './restriction.sql.ts'
import type { RestrictionDeps } from './restriction-deps.ts'
import { LiftBody, RestrictionBody, RestrictionView, viewOfRestriction } from './restriction-shapes.ts'

export type RestrictionRouteDeps = RestrictionDeps & {
  db: Pool
  clock: () => Date
  /** Dispatches what is due of all platforms; its failure harms nothing, the sweeper dispatches again. */
  hasten(): Promise<unknown>
}

const CONFIRM_MILLISECONDS = 120_000

/** The use of a person's data is restricted, and the restriction lifted, by two stewards: one asks, another confirms. */
export async function restrictionRoutes(app: FastifyInstance, deps: RestrictionRouteDeps): Promise<void> {
  const { db, hasten, clock } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'steward' as const }

  typed.post('/v1/subjects/:id/restriction', { config, schema: ASK }, async ({ params, body, caller }, reply) => {
    const receivedAt = readReceivedAt(body.received_at, clock())
    const wish = { person: params.id as PersonId, reason: body.reason, by: personOf(caller), receivedAt }
    const id = await askRestriction(deps, db, wish)
    void reply.code(202).header('location', `/v1/restrictions/${id}`)
    return view(id)
  })

  typed.get('/v1/restrictions/:id', { config: { scope: ['steward', 'ops'] }, schema: READ }, ({ params }) =>
    view(params.id),
  )

  typed.post(
    '/v1/restrictions/:id/confirm',
    { config, handlerTimeout: CONFIRM_MILLISECONDS, schema: CONFIRM },
    async ({ params, caller }, reply) => {
      await confirmRestriction(deps, db, { id: params.id, by: personOf(caller) })
      await hasten().catch(() => undefined)
      void reply.code(202)
      return view(params.id)
    },
  )

  typed.post('/v1/restrictions/:id/lift', { config, schema: LIFT }, async ({ params, body, caller }, reply) => {
    await askToLift(deps, db, { id: params.id, by: personOf(caller), reason: body.reason })
    void reply.code(202)
    return view(params.id)
  })

  typed.delete('/v1/restrictions/:id', { config, schema: DECLINE }, async ({ params, caller }) => {
    await refuseRestriction(db, { id: params.id, by: personOf(caller) })
    return view(params.id)
  })

  async function view(id: string) {
    const restriction = await findRestriction(db, id)
    if (restriction === undefined) throw new TitianError('not-found')
    return viewOfRestriction(restriction)
  }
}

const tags = ['subjects']
const RestrictionPath = Type.Object(
  { id: Type.String({ pattern: '^rst_[0-9a-z]{26}$' }) },
  { additionalProperties: false },
)
const restriction = (description: string) => ({ description, ...json(ref(RestrictionView)) })

const ASK = {
  operationId: 'askRestriction',
  tags,
  summary: 'Ask for the use of a person’s data to be restricted',
  description:
    'Nothing is done until another steward confirms it. While one is open for the person, the answer is that one.',
  params: Type.Object({ id: Type.String({ pattern: '^per_[0-9a-z]{26}$' }) }, { additionalProperties: false }),
  body: ref(RestrictionBody),
  response: { 202: restriction('It waits for another steward'), ...problems('bad-request', 'person-missing') },
}

const READ = {
  operationId: 'readRestriction',
  tags,
  summary: 'The restriction of a person’s data',
  description:
    'Whether it is asked for, holds or was lifted, who asked and who confirmed it, and the batches by which BPS was told (UU PDP, article 41).',
  params: RestrictionPath,
  response: { 200: restriction('As it stands'), ...problems('bad-request', 'not-found') },
}

const CONFIRM = {
  operationId: 'confirmRestriction',
  tags,
  summary: 'Confirm a restriction, or its lifting',
  description:
    'By another steward than asked for it. While it is held, deliveries say of the person only that it is (`restricted`), and ' +
    'results, candidates, snapshots and exports leave the person out. When it is lifted, what came meanwhile goes out.',
  params: RestrictionPath,
  response: {
    202: restriction('It holds, or is lifted'),
    ...problems('bad-request', 'not-found', 'person-missing', 'second-steward', 'restriction-closed'),
  },
}

const LIFT = {
  operationId: 'liftRestriction',
  tags,
  summary: 'Ask for a restriction to be lifted',
  description: 'It holds until another steward confirms that.',
  params: RestrictionPath,
  body: ref(LiftBody),
  response: {
    202: restriction('It waits for another steward'),
    ...problems('bad-request', 'not-found', 'person-missing', 'restriction-closed'),
  },
}

const DECLINE = {
  operationId: 'declineRestriction',
  tags,
  summary: 'Decline a restriction, or its lifting',
  description: 'As long as nobody has confirmed it.',
  params: RestrictionPath,
  response: {
    200: restriction('Declined'),
    ...problems('bad-request', 'not-found', 'person-missing', 'restriction-closed'),
  },
}
