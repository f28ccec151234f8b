import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Json } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { unknownDataset } from '../trust/agreements/agreement.ts'
import { MadeKeys } from './catalogue-shapes.ts'
import type { PreviewRouteOptions } from './preview.route.ts'

const BODY_BYTES = 16 * 1024

/** `POST /v1/datasets/{dataset}/keys`: the keys that columns make, so that a record whose key is derived can be asked for. */
export async function keysRoutes(
  app: FastifyInstance,
  { registry }: Pick<PreviewRouteOptions, 'registry'>,
): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      '/v1/datasets/:dataset/keys',
      { config: { scope: 'records:read' }, bodyLimit: BODY_BYTES, schema: KEYS },
      async ({ params, body, caller }) => {
        const dataset = registry.datasets.get(params.dataset)
        if (dataset === undefined) throw unknownDataset(params.dataset, registry.datasets.keys())
        const platform = registry.platforms.get(caller.platform ?? '')
        if (platform === undefined || !platform.datasets.includes(params.dataset))
          throw new TitianError('agreement-missing', `${caller.platform} may not push ${params.dataset}`)
        const { entry, records } = dataset.keysOf(body.record as Json)
        return { dataset: dataset.name, dataset_version: dataset.version, entry, records }
      },
    )
}

const KEYS = {
  operationId: 'makeKeys',
  tags: ['catalogue'],
  summary: 'The keys that columns make',
  description:
    'Where a dataset joins, hashes or derives its keys, these are the keys of a record with the given columns; ask for the record with ' +
    '`GET /v1/records/{dataset}/{key}`. The columns of the key are enough; where it is derived of who it is, send those that say so (No. KK, ' +
    'NIK, name, birth date). Nothing is stored or logged.',
  params: Type.Object({ dataset: Type.String({ examples: ['carik'] }) }, { additionalProperties: false }),
  body: Type.Object(
    {
      record: Type.Record(Type.String(), Type.Unknown(), {
        description: 'A record of the dataset, of a CSV dataset an object of texts by column',
        examples: [{ id_keluarga: 'KLG-0001' }],
      }),
    },
    { additionalProperties: false },
  ),
  response: { 200: ref(MadeKeys), ...problems('agreement-missing', 'dataset-unknown', 'body-too-large') },
}
