import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import type { PersonId } from '../domain/ids.ts'
import { json, problems, ref } from '../io/http/openapi.ts'
import { personOf } from '../trust/access/caller.ts'
import { askErasure, confirmErasure, refuseErasure } from './erasure.db.ts'
import { findErasure } from './erasure.sql.ts'
import type { ErasureDeps } from './erasure-deps.ts'
import { ErasureBody, ErasureView, viewOfErasure } from './erasure-shapes.ts'

export type ErasureRouteDeps = ErasureDeps & {
  db: Pool
  /** Dispatches what is due of all platforms; its failure harms nothing, the sweeper dispatches again. */
  hasten(): Promise<unknown>
}

const CONFIRM_MILLISECONDS = 120_000

/** A person is erased by two stewards: one asks, another confirms. */
export async function erasureRoutes(app: FastifyInstance, deps: ErasureRouteDeps): Promise<void> {
  const { db, hasten } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'steward' as const }

  typed.post('/v1/subjects/:id/erasure', { config, schema: ASK }, async ({ params, body, caller }, reply) => {
    const wish = { person: params.id as PersonId, reason: body.reason, by: personOf(caller) }
    const { id } = await askErasure(deps, db, wish)
    void reply.code(202).header('location', `/v1/erasures/${id}`)
    return view(id)
  })

  typed.get('/v1/erasures/:id', { config: { scope: ['steward', 'ops'] }, schema: READ }, ({ params }) =>
    view(params.id),
  )

  typed.post(
    '/v1/erasures/:id/confirm',
    { config, handlerTimeout: CONFIRM_MILLISECONDS, schema: CONFIRM },
    async ({ params, caller }, reply) => {
      await confirmErasure(deps, db, { id: params.id, by: personOf(caller) })
      await hasten().catch(() => undefined)
      void reply.code(202)
      return view(params.id)
    },
  )

  typed.delete('/v1/erasures/:id', { config, schema: DECLINE }, async ({ params, caller }) => {
    await refuseErasure(db, { id: params.id, by: personOf(caller) })
    return view(params.id)
  })

  async function view(id: string) {
    const erasure = await findErasure(db, id)
    if (erasure === undefined) throw new TitianError('not-found')
    return viewOfErasure(erasure)
  }
}

const tags = ['subjects']
const ErasurePath = Type.Object({ id: Type.String({ pattern: '^era_[0-9a-z]{26}$' }) }, { additionalProperties: false })
const erasure = (description: string) => ({ description, ...json(ref(ErasureView)) })

const ASK = {
  operationId: 'askErasure',
  tags,
  summary: 'Ask for a person to be erased',
  description:
    'Nothing is done until another steward confirms it. While one is open for the person, the answer is that one.',
  params: Type.Object({ id: Type.String({ pattern: '^per_[0-9a-z]{26}$' }) }, { additionalProperties: false }),
  body: ref(ErasureBody),
  response: { 202: erasure('It waits for another steward'), ...problems('bad-request', 'person-missing') },
}

const READ = {
  operationId: 'readErasure',
  tags,
  summary: 'How far the erasure of a person is',
  description: 'With its certificate once it is done.',
  params: ErasurePath,
  response: { 200: erasure('As it stands'), ...problems('bad-request', 'not-found') },
}

const CONFIRM = {
  operationId: 'confirmErasure',
  tags,
  summary: 'Confirm the erasure of a person',
  description:
    'By another steward than asked for it. The records are withdrawn, BPS is told with the reason `erasure`, and what holds the ' +
    'person is destroyed. Whoever states the person again is refused with the finding `subject-erased`.',
  params: ErasurePath,
  response: {
    202: erasure('It is under way, or done'),
    ...problems('bad-request', 'not-found', 'person-missing', 'second-steward', 'erasure-closed', 'indexes-moving'),
  },
}

const DECLINE = {
  operationId: 'declineErasure',
  tags,
  summary: 'Decline the erasure of a person',
  description: 'As long as nobody has confirmed it.',
  params: ErasurePath,
  response: { 200: erasure('Declined'), ...problems('bad-request', 'not-found', 'person-missing', 'erasure-closed') },
}
