import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { PersonId } from '../../domain/ids.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { personOf } from '../../trust/access/caller.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { readReceivedAt } from '../received.ts'
import { askRequest, confirmRequest, refuseRequest } from '../requests/request.db.ts'
import { endRequest, findRequest, lockRequest } from '../requests/request.sql.ts'
import { RequestBody, RequestView, viewOfRequest } from '../requests/request-shapes.ts'
import type { AccessDeps } from './access-deps.ts'
import { makeAccessReport } from './access-report.db.ts'
import { AccessReport } from './access-shapes.ts'

export type AccessRouteDeps = AccessDeps & { db: Pool; vault: Vault; clock: () => Date }

const REPORT_MILLISECONDS = 120_000
/** A confirmation is for one answer: who reads again after so many days asks again. */
const READABLE_DAYS = 14

/** What is held of a person is given to that person by two stewards: one takes the request down, another confirms it. */
export async function accessRoutes(app: FastifyInstance, deps: AccessRouteDeps): Promise<void> {
  const { db, vault, clock } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'steward' as const }
  const about = 'access' as const

  typed.post('/v1/subjects/:id/access', { config, schema: ASK }, async ({ params, body, caller }, reply) => {
    const receivedAt = readReceivedAt(body.received_at, clock())
    const wish = { about, person: params.id as PersonId, reason: body.reason, by: personOf(caller), receivedAt }
    const id = await askRequest(vault, db, wish)
    void reply.code(202).header('location', `/v1/access-requests/${id}`)
    return view(id)
  })

  typed.get('/v1/access-requests/:id', { config: { scope: ['steward', 'ops'] }, schema: READ }, ({ params }) =>
    view(params.id),
  )

  typed.post('/v1/access-requests/:id/confirm', { config, schema: CONFIRM }, async ({ params, caller }) => {
    await confirmRequest(db, { id: params.id, about, by: personOf(caller) })
    return view(params.id)
  })

  typed.delete('/v1/access-requests/:id', { config, schema: DECLINE }, async ({ params, caller }) => {
    await refuseRequest(db, { id: params.id, about, by: personOf(caller) })
    return view(params.id)
  })

  typed.get(
    '/v1/access-requests/:id/report',
    { config, handlerTimeout: REPORT_MILLISECONDS, schema: REPORT },
    ({ params, caller }) =>
      inTransaction(db, async (tx) => {
        const request = await lockRequest(tx, params.id, about)
        if (request === undefined) throw new TitianError('not-found')
        const { id, state, subject, confirmedAt } = request
        const days = confirmedAt === null ? 0 : (clock().getTime() - confirmedAt.getTime()) / 86_400_000
        if ((state !== 'open' && state !== 'done') || days > READABLE_DAYS) throw new TitianError('request-closed')
        const report = await makeAccessReport(tx, deps, { request: id, person: subject, now: clock() })
        if (report === undefined) throw new TitianError('not-found')
        await endRequest(tx, id)
        const shown = { purpose: 'access', request: id, records: report.records.length }
        await appendAudit(tx, { actor: caller.client, action: 'person.disclosed', object: report.person, shown })
        return report
      }),
  )

  async function view(id: string) {
    const request = await findRequest(db, id, about)
    if (request === undefined) throw new TitianError('not-found')
    return viewOfRequest(request)
  }
}

const tags = ['subjects']
const RequestPath = Type.Object({ id: Type.String({ pattern: '^req_[0-9a-z]{26}$' }) }, { additionalProperties: false })
const request = (description: string) => ({ description, ...json(ref(RequestView)) })

const ASK = {
  operationId: 'askAccess',
  tags,
  summary: 'Take down that a person asks what is held',
  description: 'Nothing is given until another steward confirms it.',
  params: Type.Object({ id: Type.String({ pattern: '^per_[0-9a-z]{26}$' }) }, { additionalProperties: false }),
  body: ref(RequestBody),
  response: { 202: request('It waits for another steward'), ...problems('bad-request', 'person-missing') },
}

const READ = {
  operationId: 'readAccessRequest',
  tags,
  summary: 'How far a request for access is',
  description:
    'Who asked and who confirmed it, and when it is due by law: 3 × 24 hours after the person asked (UU PDP, article 32).',
  params: RequestPath,
  response: { 200: request('As it stands'), ...problems('bad-request', 'not-found') },
}

const CONFIRM = {
  operationId: 'confirmAccess',
  tags,
  summary: 'Confirm a request for access',
  description: 'By another steward than took it down. The report can be read for 14 days.',
  params: RequestPath,
  response: {
    200: request('The report can be read'),
    ...problems('bad-request', 'not-found', 'person-missing', 'second-steward', 'request-closed'),
  },
}

const DECLINE = {
  operationId: 'declineAccess',
  tags,
  summary: 'Decline a request for access',
  description: 'As long as nobody has confirmed it.',
  params: RequestPath,
  response: { 200: request('Declined'), ...problems('bad-request', 'not-found', 'person-missing', 'request-closed') },
}

const REPORT = {
  operationId: 'readAccessReport',
  tags,
  summary: 'All that is held of a person',
  description:
    'What is held, from whom, who saw it by the audit log, what was sent to BPS, and what came back; labels in Indonesian. Reading it ' +
    'is written to the audit log, and stops the clock of the request.',
  params: RequestPath,
  response: { 200: ref(AccessReport), ...problems('bad-request', 'not-found', 'request-closed') },
}
