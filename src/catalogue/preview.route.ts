import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { SourceFormat } from '../domain/dataset.ts'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import type { Platform } from '../domain/platform.ts'
import type { Cleaner } from '../engine/cleaner.ts'
import type { FileForm } from '../engine/file-form.ts'
import { FileKeys } from '../intake/file-keys.ts'
import { readBody } from '../intake/formats/body.ts'
import { XLSX_TYPE } from '../intake/formats/sniff.ts'
import type { UploadOptions } from '../intake/read-upload.file.ts'
import { readContentEncoding, readMediaType } from '../intake/upload-head.ts'
import { choiceOf, SHEET_QUERY, type WorkbookChoice } from '../intake/workbook/choice.ts'
import { chooseType } from '../io/http/accept.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { agreementDay, agreementName, bindingAgreement, unknownDataset } from '../trust/agreements/agreement.ts'
import { Preview } from './catalogue-shapes.ts'
import { chooseDataset } from './choose.ts'
import { partsOf } from './coverage.ts'
import { entriesOf } from './preview.ts'
import type { CompiledDataset } from './registry.ts'

export type PreviewRouteOptions = {
  registry: {
    datasets: ReadonlyMap<string, CompiledDataset>
    versions: ReadonlyMap<string, CompiledDataset>
    platforms: ReadonlyMap<string, Platform>
  }
  /** Cleans the records, away from the event loop. */
  cleaner: Pick<Cleaner, 'cleanEntries'>
  clock: () => Date
  /** Cuts a body into entries as intake does. */
  read(bytes: AsyncIterable<Buffer>, format: SourceFormat, options: ReadingOptions): AsyncIterable<RawEntry>
}

type ReadingOptions = WorkbookChoice & Pick<UploadOptions, 'kind' | 'array' | 'charset' | 'tell'>

const MOST = 100
const BODY_BYTES = 1024 * 1024

/** `POST /v1/datasets/{dataset}/preview`: what would become of a few records, as `titian check --json` says it. Nothing is stored. */
export async function previewRoutes(
  app: FastifyInstance,
  { registry, cleaner, read, clock }: PreviewRouteOptions,
): Promise<void> {
  // The body is cut by the rules of the dataset's files, not by a parser that forgives.
  app.removeAllContentTypeParsers()
  for (const type of ['application/json', 'application/x-ndjson', 'text/csv'])
    app.addContentTypeParser(
      type,
      { parseAs: 'buffer', bodyLimit: BODY_BYTES },
      async (_: unknown, body: unknown) => body,
    )

  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      '/v1/datasets/:dataset/preview',
      { config: { scope: 'batches:write', unpacks: true }, bodyLimit: BODY_BYTES, schema: PREVIEW },
      async (request, reply) => {
        const { params, query, caller, headers } = request
        const form = chooseType(request, reply, ['application/json', 'application/x-ndjson'])
        const platform = registry.platforms.get(caller.platform ?? '')
        const spec = query.version === undefined ? params.dataset : `${params.dataset}@${query.version}`
        const dataset = chooseDataset(registry, spec)
        if (dataset === undefined) throw unknownDataset(params.dataset, registry.datasets.keys())
        if (platform === undefined || !platform.datasets.includes(params.dataset))
          throw new TitianError('agreement-missing', `${caller.platform} may not push ${params.dataset}`)
        const body = await unpackedBody(request.body, headers['content-encoding'])
        let fileForm: FileForm | null = null
        const entries = await entriesIn(body, headers['content-type'], dataset.format, choiceOf(query), (told) => {
          fileForm = told
        })
        const agreement = agreementName(bindingAgreement(platform, agreementDay(clock())))
        const rules = { dataset: `${dataset.name}@${dataset.version}`, platform: platform.name, agreement }
        const keys = new FileKeys()
        const cleaned = await cleaner.cleanEntries(rules, entries)
        const parts = cleaned.flatMap((result, at) => partsOf(dataset, entries[at] as RawEntry, keys.judge(result)))
        if (form === 'application/x-ndjson')
          return reply.type(form).send(parts.map((part) => `${JSON.stringify(part)}\n`).join(''))
        return { dataset: dataset.name, dataset_version: dataset.version, form: fileForm, entries: parts }
      },
    )

  async function entriesIn(
    body: Buffer,
    type = '',
    format: SourceFormat,
    choice: WorkbookChoice,
    tell: (form: FileForm) => void,
  ): Promise<RawEntry[]> {
    if (body.length === 0) throw new TitianError('body-empty')
    const isJson = type.toLowerCase().startsWith('application/json')
    const given = isJson ? parsed(body) : undefined
    if (isJson && (format.kind === 'csv' || !Array.isArray(given))) return entriesOf(bounded(recordsOf(given)), format)
    const { array, charset, isWorkbook } = readMediaType(type, format)
    const options = { array, ...(charset !== undefined && { charset }), ...choice }
    const kind = isWorkbook === true ? 'workbook' : 'text'
    const entries: RawEntry[] = []
    for await (const entry of read(once(body), format, { ...options, kind, tell }))
      entries.push(...bounded([entry], entries.length))
    if (entries.length === 0) throw new TitianError('body-empty')
    return entries
  }
}

/** The body as it was before its content coding; what unpacks to more than a preview takes is a bomb. */
async function unpackedBody(body: unknown, encoding: string | undefined): Promise<Buffer> {
  if (!Buffer.isBuffer(body)) throw new TitianError('body-empty')
  const limits = { packedBytes: BODY_BYTES, unpackedBytes: BODY_BYTES, ratio: BODY_BYTES, ratioFrom: BODY_BYTES }
  const { pieces } = readBody(once(body), readContentEncoding(encoding), limits, () => undefined)
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new TitianError('bad-request', 'the body is not JSON')
  }
}

function recordsOf(given: unknown): unknown[] {
  const records = Array.isArray(given) ? given : (given as { records?: unknown } | null)?.records
  if (Array.isArray(records)) return records
  const places = [{ pointer: '/body/records', code: 'required' }]
  throw new TitianError('bad-request', 'send {"records": […]}, an array or lines', { places })
}

function bounded<T>(records: T[], before = 0): T[] {
  if (records.length + before <= MOST) return records
  const places = [{ pointer: '/body/records', code: 'maxItems' }]
  throw new TitianError('bad-request', `a preview takes ${MOST} records at most`, { places })
}

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  yield body
}

const PREVIEW = {
  operationId: 'previewRecords',
  tags: ['catalogue'],
  summary: 'What would become of a few records',
  description:
    'The same functions as for a push, the same answer as `titian check --json`: one part for each record and for each nested ' +
    'member. Up to 100 records as `{"records": […]}` (of a CSV dataset: objects of texts by column), as a JSON array, as NDJSON or ' +
    'as CSV with its header. With `Accept: application/x-ndjson` one part a line. Nothing is stored.',
  consumes: ['application/json', 'application/x-ndjson', 'text/csv', XLSX_TYPE],
  params: Type.Object({ dataset: Type.String({ examples: ['carik'] }) }, { additionalProperties: false }),
  querystring: Type.Object(
    {
      version: Type.Optional(
        Type.String({
          pattern: '^[0-9]+(\\.[0-9]+)*$',
          description: 'Also a draft; else the one that new batches get',
        }),
      ),
      ...SHEET_QUERY,
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'What would become of the records',
      content: {
        'application/json': { schema: ref(Preview) },
        'application/x-ndjson': { schema: Type.String() },
      },
    },
    ...problems(
      'body-empty',
      'not-acceptable',
      'agreement-missing',
      'dataset-unknown',
      'body-broken',
      'body-too-large',
      'body-bomb',
      'type-unsupported',
      'body-form',
      'csv-header',
      'entries-stuck',
    ),
  },
}
