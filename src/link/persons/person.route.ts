import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { PersonId } from '../../domain/ids.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { PERSON_ID, PersonView, Unmerge, Unmerging } from './link-shapes.ts'
import { viewPerson } from './person-view.db.ts'
import { storedKeyOf } from './reference.db.ts'
import { readPersonForSteward, type StewardDeps, unmergeForSteward } from './steward.db.ts'

export type PersonRouteDeps = Omit<StewardDeps, 'vault'> & { vault: StewardDeps['vault'] & Pick<Vault, 'indexForms'> }

/** `GET /v1/persons/{id}`: what a person is made of. `POST /v1/persons/{id}/unmerge`: takes records away from it. */
export async function personRoutes(app: FastifyInstance, deps: PersonRouteDeps): Promise<void> {
  const { db, vault } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get('/v1/persons/:id', { config: { scope: ['ops', 'steward'] }, schema: READ }, async ({ params, caller }) => {
    const person = params.id as PersonId
    if (caller.scopes.includes('steward')) return (await readPersonForSteward(deps, person, caller.client)).view
    const view = await viewPerson(db, deps, person, false)
    if (view === undefined) throw new TitianError('not-found')
    const shown = { purpose: 'operations', values: false, records: view.sources.length }
    await noteReading(db, { actor: caller.client, action: 'person.read', object: view.id, shown })
    return view
  })

  typed.post(
    '/v1/persons/:id/unmerge',
    { config: { scope: 'steward' }, schema: UNMERGE },
    async ({ params, body, caller }, reply) => {
      const keys = await Promise.all(body.leaving.map((record) => storedKeyOf(db, record, vault)))
      const leaving = [...new Set(keys)]
      const wish = { person: params.id as PersonId, leaving, by: caller.client, reason: body.reason }
      const unmerging = await unmergeForSteward(deps, wish)
      if (unmerging.is === 'refused') {
        throw new TitianError('bad-request', undefined, { places: [{ pointer: '/body/leaving', code: unmerging.why }] })
      }
      return reply.status(202).send({ batch: unmerging.is === 'parted' ? unmerging.batch : null })
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
  response: { 200: ref(PersonView), ...problems('bad-request', 'not-found', 'second-steward') },
}

const UNMERGE = {
  operationId: 'unmergePerson',
  tags,
  summary: 'Take source records away from a person',
  description:
    'For good: they never meet again with those that stay. Who had been a person before is that person again, and BPS is told ' +
    'in the next delivery. A person of many source records is parted when a second steward asks for the same.',
  params,
  body: ref(Unmerge),
  response: {
    202: ref(Unmerging),
    ...problems('bad-request', 'not-found', 'second-steward', 'person-missing', 'indexes-moving'),
  },
}
