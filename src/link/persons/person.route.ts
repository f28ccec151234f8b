import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { PersonId } from '../../domain/ids.ts'
import { OWN_PLATFORM } from '../../engine/own-batch.sql.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { unmergePerson } from '../review/unmerge.db.ts'
import { PERSON_ID, PersonView, Unmerge, Unmerging } from './link-shapes.ts'
import { type PersonViewDeps, viewPerson } from './person-view.db.ts'
import { indexOf } from './reference.db.ts'

export type PersonRouteDeps = Omit<PersonViewDeps, 'vault'> & {
  db: Pool
  vault: Pick<Vault, 'open' | 'seal' | 'indexText'>
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

/** `GET /v1/persons/{id}`: what a person is made of. `POST /v1/persons/{id}/unmerge`: takes records away from it. */
export async function personRoutes(app: FastifyInstance, deps: PersonRouteDeps): Promise<void> {
  const { db, vault, dispatch } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get('/v1/persons/:id', { config: { scope: ['ops', 'steward'] }, schema: READ }, async ({ params, caller }) => {
    const isSteward = caller.scopes.includes('steward')
    const view = await viewPerson(db, deps, params.id as PersonId, isSteward)
    if (view === undefined) throw new TitianError('not-found')
    if (isSteward) {
      await inTransaction(db, (tx) => appendAudit(tx, { actor: caller.client, action: 'person.read', object: view.id }))
    }
    return view
  })

  typed.post(
    '/v1/persons/:id/unmerge',
    { config: { scope: 'steward' }, schema: UNMERGE },
    async ({ params, body, caller }, reply) => {
      const fresh = { batch: newId('bat'), chunk: newId('chk') }
      const person = params.id as PersonId
      const leaving = [...new Set(body.leaving.map((record) => indexOf(record, vault)))]
      const wish = { person, leaving, by: caller.client, reason: sealReason(vault, body.reason) }
      await inTransaction(db, async (tx) => {
        const unmerged = await unmergePerson(tx, wish, fresh)
        if (unmerged === 'unknown') throw new TitianError('not-found')
        if (unmerged !== 'parted') {
          throw new TitianError('bad-request', undefined, { places: [{ pointer: '/body/leaving', code: unmerged }] })
        }
        await appendAudit(tx, {
          actor: caller.client,
          action: 'person.unmerged',
          object: person,
          details: { records: leaving.length, reason: wish.reason },
        })
      })
      await dispatch(OWN_PLATFORM).catch(() => undefined)
      return reply.status(202).send({ batch: fresh.batch })
    },
  )
}

const tags = ['persons']
const params = Type.Object({ id: Type.String({ pattern: PERSON_ID }) }, { additionalProperties: false })

const READ = {
  operationId: 'readPerson',
  tags,
  summary: 'What a person is made of',
  description:
    'Its sources and how they agree, where each field comes from, and where sources contradict each other. Values and source ' +
    'keys are shown to a steward only, and a steward’s reading is written to the audit log.',
  params,
  response: { 200: ref(PersonView), ...problems('bad-request', 'not-found') },
}

const UNMERGE = {
  operationId: 'unmergePerson',
  tags,
  summary: 'Take source records away from a person',
  description:
    'For good: they never meet again with those that stay. Who had been a person before is that person again, and BPS is told ' +
    'in the next delivery.',
  params,
  body: ref(Unmerge),
  response: { 202: ref(Unmerging), ...problems('bad-request', 'not-found') },
}
