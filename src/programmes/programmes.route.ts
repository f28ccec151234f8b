import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { problems, ref } from '../io/http/openapi.ts'
import { isScope, SCOPES } from '../trust/access/scopes.ts'
import { agreementDay } from '../trust/agreements/agreement.ts'
import type { AskedDeps } from './asked.http.ts'
import { describeProgramme } from './describe.ts'
import { ProgrammePage } from './shapes.ts'

const ANY_CALLER = Object.keys(SCOPES).filter(isScope)

/** `GET /v1/programmes`: the aid programmes as they stand in the registry, with what was assumed. */
export async function programmesRoutes(app: FastifyInstance, { programmes }: { programmes: AskedDeps }) {
  const { book, clock } = programmes
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get('/v1/programmes', { config: { scope: ANY_CALLER }, schema: SCHEMA }, async () => {
      const day = agreementDay(clock())
      return { programmes: [...book.programmes.values()].flat().map((one) => describeProgramme(one, book, day)) }
    })
}

const SCHEMA = {
  operationId: 'listProgrammes',
  tags: ['programmes'],
  summary: 'The aid programmes',
  description:
    'Every version of each, with its conditions, its settings, what was assumed, and what no variable tells of.',
  querystring: Type.Object({}, { additionalProperties: false }),
  response: { 200: ref(ProgrammePage), ...problems() },
}
