import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { isScope, SCOPES } from '../trust/access/scopes.ts'
import { unknownDataset } from '../trust/agreements/agreement.ts'
import { type CatalogueRegistry, describeDataset, describeList, summarize, summarizeList } from './catalogue.ts'
import { CodeListDetail, CodeListPage, DatasetDetail, DatasetPage } from './catalogue-shapes.ts'
import { chooseDataset } from './choose.ts'

const ANY_CALLER = Object.keys(SCOPES).filter(isScope)
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

/** `GET /v1/datasets` and `GET /v1/codelists`: the metadata of everything that can be pushed, from the registry's own files. */
export async function catalogueRoutes(app: FastifyInstance, { registry }: { registry: CatalogueRegistry }) {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: ANY_CALLER }
  const { codelists } = registry.canonical

  typed.get('/v1/datasets', { config, schema: LIST_DATASETS }, async () => {
    const names = [...new Set([...registry.versions.values()].map(({ name }) => name))]
    const current = names.flatMap((name) => chooseDataset(registry, name) ?? [])
    return { datasets: current.sort(byName).map((dataset) => summarize(dataset, registry)) }
  })

  typed.get('/v1/datasets/:dataset', { config, schema: READ_DATASET }, async ({ params, query }) => {
    const { version } = query
    const dataset = chooseDataset(registry, version === undefined ? params.dataset : `${params.dataset}@${version}`)
    if (dataset === undefined) throw unknownDataset(params.dataset, registry.datasets.keys())
    return describeDataset(dataset, registry)
  })

  typed.get('/v1/codelists', { config, schema: LIST_CODELISTS }, async () => ({
    codelists: [...codelists.values()].sort(byName).map(summarizeList),
  }))

  typed.get('/v1/codelists/:name', { config, schema: READ_CODELIST }, async ({ params }) => {
    const list = codelists.get(params.name)
    if (list === undefined) throw new TitianError('not-found')
    return describeList(list, registry.canonical)
  })
}

const closed = { additionalProperties: false }
const tags = ['catalogue']

const LIST_DATASETS = {
  operationId: 'listDatasets',
  tags,
  summary: 'The datasets',
  description: 'The newest version of each, drafts too. What a platform may push is a matter of its agreement.',
  response: { 200: ref(DatasetPage), ...problems() },
}

const READ_DATASET = {
  operationId: 'readDataset',
  tags,
  summary: 'One dataset: schema, fields, code lists, rules, examples',
  description:
    'All that is needed to write a file of it: the JSON Schema of a record, what becomes of each column, and examples with their answers.',
  params: Type.Object({ dataset: Type.String({ examples: ['carik'] }) }, closed),
  querystring: Type.Object(
    {
      version: Type.Optional(
        Type.String({ pattern: '^[0-9]+(\\.[0-9]+)*$', description: 'Else the one that new batches get' }),
      ),
    },
    closed,
  ),
  response: { 200: ref(DatasetDetail), ...problems('bad-request', 'dataset-unknown') },
}

const LIST_CODELISTS = {
  operationId: 'listCodeLists',
  tags,
  summary: 'The canonical code lists',
  description: 'The national code lists that local codes are turned into.',
  response: { 200: ref(CodeListPage), ...problems() },
}

const READ_CODELIST = {
  operationId: 'readCodeList',
  tags,
  summary: 'One canonical code list',
  description: 'Its codes with labels, validity, and where each is used.',
  params: Type.Object({ name: Type.String({ examples: ['jenis_lantai'] }) }, closed),
  response: { 200: ref(CodeListDetail), ...problems('not-found') },
}
