import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { PersonId } from '../../domain/ids.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import type { Canonical } from '../../language/canonical.ts'
import { personOf } from '../../trust/access/caller.ts'
import { readReceivedAt } from '../received.ts'
import { refuseRequest } from '../requests/request.db.ts'
import { findRequest } from '../requests/request.sql.ts'
import { viewOfRequest } from '../requests/request-shapes.ts'
import { askCorrection, confirmCorrection } from './correction.db.ts'
import { tasksOf } from './correction.sql.ts'
import type { CorrectionDeps } from './correction-deps.ts'
import { CorrectionBody, CorrectionRequestView } from './correction-shapes.ts'

export type CorrectionRouteDeps = CorrectionDeps & { db: Pool; canonical: Canonical; clock: () => Date }

/** What a person asks to be corrected is taken down by one steward and confirmed by another: its sources are asked. */
export async function correctionRoutes(app: FastifyInstance, deps: CorrectionRouteDeps): Promise<void> {
  const { db, canonical, clock } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'steward' as const }

  typed.post('/v1/subjects/:id/correction', { config, schema: ASK }, async ({ params, body, caller }, reply) => {
    const by = personOf(caller)
    const { reason, received_at, fields, statement, platform = null } = body
    const places = fields.flatMap((field, at) =>
      canonical.variables.has(`individu.${field}`) ? [] : [{ pointer: `/body/fields/${at}`, code: 'unknown' }],
    )
    if (places.length > 0) throw new TitianError('bad-request', undefined, { places })
    const id = await askCorrection(deps, db, {
      person: params.id as PersonId,
      reason,
      by,
      receivedAt: readReceivedAt(received_at, clock()),
      wish: { fields, statement, platform },
    })
    void reply.code(202).header('location', `/v1/correction-requests/${id}`)
    return view(id)
  })

  typed.get('/v1/correction-requests/:id', { config: { scope: ['steward', 'ops'] }, schema: READ }, ({ params }) =>
    view(params.id),
  )

  typed.post('/v1/correction-requests/:id/confirm', { config, schema: CONFIRM }, async ({ params, caller }) => {
    await confirmCorrection(deps, db, { id: params.id, by: personOf(caller) })
    return view(params.id)
  })

  typed.delete('/v1/correction-requests/:id', { config, schema: DECLINE }, async ({ params, caller }) => {
    await refuseRequest(db, { id: params.id, about: 'correction', by: personOf(caller) })
    return view(params.id)
  })

  async function view(id: string) {
    const request = await findRequest(db, id, 'correction')
    if (request === undefined) throw new TitianError('not-found')
    const tasks = (await tasksOf(db, id)).map(({ id: task, platform, dataset, state, closedAt }) => ({
      id: task,
      platform,
      dataset,
      state,
      closed_at: closedAt?.toISOString() ?? null,
    }))
    return { ...viewOfRequest(request), tasks }
  }
}

const tags = ['subjects']
const RequestPath = Type.Object({ id: Type.String({ pattern: '^req_[0-9a-z]{26}$' }) }, { additionalProperties: false })
const request = (description: string) => ({ description, ...json(ref(CorrectionRequestView)) })

const ASK = {
  operationId: 'askCorrection',
  tags,
  summary: 'Take down what a person asks to be corrected',
  description: 'Nobody is asked until another steward confirms it. Titian corrects nothing itself: the sources do.',
  params: Type.Object({ id: Type.String({ pattern: '^per_[0-9a-z]{26}$' }) }, { additionalProperties: false }),
  body: ref(CorrectionBody),
  response: { 202: request('It waits for another steward'), ...problems('bad-request', 'person-missing') },
}

const READ = {
  operationId: 'readCorrectionRequest',
  tags,
  summary: 'How far a correction is',
  description:
    'Each platform that states the field has a task of its own; the request is done when all are closed (UU PDP, article 30).',
  params: RequestPath,
  response: { 200: request('As it stands'), ...problems('bad-request', 'not-found') },
}

const CONFIRM = {
  operationId: 'confirmCorrection',
  tags,
  summary: 'Confirm a correction',
  description:
    'By another steward than took it down. Each platform that states one of the fields is asked (`correction.asked`). It is done when ' +
    'every source has sent the record corrected, taken it back, or said that it is right.',
  params: RequestPath,
  response: {
    200: request('The sources are asked'),
    ...problems('bad-request', 'not-found', 'person-missing', 'second-steward', 'request-closed'),
  },
}

const DECLINE = {
  operationId: 'declineCorrection',
  tags,
  summary: 'Decline a correction',
  description: 'As long as nobody has confirmed it.',
  params: RequestPath,
  response: { 200: request('Declined'), ...problems('bad-request', 'not-found', 'person-missing', 'request-closed') },
}
