import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { chooseType } from '../../io/http/accept.ts'
import { json, problems } from '../../io/http/openapi.ts'
import { isScope, SCOPES } from '../../trust/access/scopes.ts'
import type { CatalogueRegistry } from '../catalogue.ts'
import { dictionaryCsv, dictionaryOf } from './dictionary.ts'

const closed = { additionalProperties: false }
const Text = Type.Union([Type.String(), Type.Null()])
const Both = Type.Object({ id: Type.String(), en: Type.String() }, closed)

const Dictionary = Type.Object(
  {
    fields: Type.Array(
      Type.Object(
        {
          key: Type.String({ examples: ['individu.status_kawin'] }),
          name: Type.String({ description: 'as in NDJSON under `record`, and the column of CSV and Parquet' }),
          level: Type.String({ description: '`keluarga` or `individu`' }),
          type: Type.String({ description: '`string`, `integer`, `date` (ISO) or `code`; all but integers are texts' }),
          label: Both,
          definition: Text,
          unit: Text,
          question: Type.Union([Type.String(), Type.Null()], {
            description: 'number of the question in the questionnaire',
          }),
          dtsen_order: Type.Union([Type.Integer(), Type.Null()], {
            description: 'place among the columns of DTSEN; null where DTSEN does not have it',
          }),
          sensitivity: Text,
          note: Text,
          codelist: Text,
          additive: Type.Boolean({ description: 'whether the value is a sum of codes' }),
          codes: Type.Array(Type.Object({ code: Type.String(), label: Both }, closed)),
        },
        closed,
      ),
      { description: 'in the order of the columns' },
    ),
    columns: Type.Array(Type.Object({ name: Type.String(), label: Both }, closed), {
      description: 'columns of Titian that follow in CSV and Parquet',
    }),
  },
  closed,
)

/** `GET /v1/dictionary`: what every field of a delivery means, from the files that the gateway works by. */
export async function dictionaryRoutes(app: FastifyInstance, { registry }: { registry: CatalogueRegistry }) {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const dictionary = dictionaryOf(registry.canonical)
  const csv = dictionaryCsv(dictionary)
  typed.get(
    '/v1/dictionary',
    { config: { scope: Object.keys(SCOPES).filter(isScope) }, schema: SCHEMA },
    async (request, reply) => {
      const type = chooseType(request, reply, ['application/json', 'text/csv'])
      if (type === 'application/json') return dictionary
      return reply.type('text/csv; charset=utf-8; header=present').send(csv)
    },
  )
}

const SCHEMA = {
  operationId: 'readDictionary',
  tags: ['catalogue'],
  summary: 'The data dictionary of deliveries',
  description:
    'Fields, types and codes in Indonesian and English, with the numbers of the questionnaire. As JSON or CSV.',
  response: {
    200: {
      description: 'The dictionary',
      content: { ...json(Dictionary).content, 'text/csv': { schema: Type.String() } },
    },
    ...problems('not-acceptable'),
  },
}
