import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { NO_WAY_BACK } from '../../domain/results/way-back.ts'
import { problems } from '../../io/http/openapi.ts'
import type { ResultCatalogue } from '../catalogue.ts'

const closed = { additionalProperties: false }
const Title = Type.Object({ id: Type.String(), en: Type.String() }, closed)

/** `GET /v1/results/catalogue`: the reasons and programmes that results name by code, and why a correction may have no way back. */
export async function resultCatalogueRoutes(
  app: FastifyInstance,
  { resultCatalogue: { reasons, programmes } }: { resultCatalogue: ResultCatalogue },
): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  typed.get(
    '/v1/results/catalogue',
    { config: { scope: ['results:read', 'results:write', 'ops', 'steward'] }, schema: SCHEMA },
    async () => ({
      reasons: [...reasons].map(([code, { of, id, en }]) => ({ code, of: [...of], title: { id, en } })),
      programmes: [...programmes].map(([code, { id, en }]) => ({ code, title: { id, en } })),
      no_way_back: Object.entries(NO_WAY_BACK).map(([code, title]) => ({ code, title })),
    }),
  )
}

const SCHEMA = {
  operationId: 'readResultCatalogue',
  tags: ['results'],
  summary: 'Reasons and programmes that results name by code',
  description: 'Every code with its texts in Indonesian and English, and what it is used of.',
  response: {
    200: Type.Object(
      {
        reasons: Type.Array(
          Type.Object(
            {
              code: Type.String(),
              of: Type.Array(Type.String(), {
                description: 'where it may stand: a status, a correction, what to mend',
              }),
              title: Title,
            },
            closed,
          ),
        ),
        programmes: Type.Array(Type.Object({ code: Type.String(), title: Title }, closed)),
        no_way_back: Type.Array(Type.Object({ code: Type.String(), title: Title }, closed)),
      },
      closed,
    ),
    ...problems(),
  },
}
