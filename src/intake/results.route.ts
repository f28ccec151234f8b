import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PoolClient } from 'pg'
import Type from 'typebox'
import type { SourceFormat } from '../domain/dataset.ts'
import { TitianError } from '../domain/error.ts'
import type { BatchId } from '../domain/ids.ts'
import { NATIONAL_PLATFORM } from '../domain/platform.ts'
import { DTSEN_FILES, DTSEN_VERSION, type DtsenFile, RESULT_LINES, type ResultHead } from '../domain/results/result.ts'
import { Batch } from '../engine/batch-shapes.ts'
import { json, problems, ref } from '../io/http/openapi.ts'
import type { IntakeRegistry } from '../trust/agreements/agreement.ts'
import { type IncomingLimits, openBody } from './incoming.http.ts'
import { type Beside, type KeepOptions, keepUpload } from './keep.http.ts'
import { UPLOAD_HEADERS, UPLOAD_PROBLEMS } from './upload-shapes.ts'

export type ResultUploadOptions = KeepOptions & {
  registry: Pick<IntakeRegistry, 'datasets'>
  limits: IncomingLimits & KeepOptions['limits']
  /** Version and date of files whose rows do not say them; the room of results keeps them. */
  resultHeads: {
    store(tx: PoolClient, batch: BatchId, head: ResultHead): Promise<void>
    read(batch: BatchId): Promise<ResultHead | undefined>
  }
}

type Query = { format?: DtsenFile; version?: string; as_of?: string }
type Upload = { name: string; version: string; format: SourceFormat; head: ResultHead | undefined }

const UPLOAD_MILLISECONDS = 3_600_000

/** Where BPS posts what it says of subjects: `POST /v1/results`. */
export async function resultUploadRoutes(app: FastifyInstance, options: ResultUploadOptions): Promise<void> {
  const { registry, limits, resultHeads } = options
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: FastifyRequest, payload: unknown) => payload)

  app.post<{ Querystring: Query }>(
    '/v1/results',
    { config: { scope: 'results:write', streams: true }, handlerTimeout: UPLOAD_MILLISECONDS, schema: POST },
    async (request, reply) => {
      try {
        const { name, version, format, head } = uploadOf(request.query)
        const incoming = openBody(request, format, limits, { platform: NATIONAL_PLATFORM })
        const batch = {
          kind: 'results' as const,
          platform: NATIONAL_PLATFORM,
          dataset: name,
          datasetVersion: version,
          agreement: NATIONAL_PLATFORM,
        }
        return await keepUpload(request, reply, incoming, batch, {
          ...options,
          ...(head && { beside: besideOf(head) }),
        })
      } catch (error) {
        // What is left of the body is let through, so that the client, still sending, gets to read the answer.
        request.raw.resume()
        throw error
      }
    },
  )

  function uploadOf({ format: file, version, as_of: asOf }: Query): Upload {
    if (file === undefined) {
      const odd = version !== undefined ? 'version' : asOf !== undefined ? 'as_of' : undefined
      if (odd !== undefined) throw misfit(odd, 'not-here', 'lines of results say version and date themselves')
      return { name: RESULT_LINES, version: '1', format: { kind: 'ndjson' }, head: undefined }
    }
    if (version === undefined) throw misfit('version', 'required', 'a DTSEN file does not say its version')
    if (asOf === undefined) throw misfit('as_of', 'required', 'a DTSEN file does not say its date')
    const dataset = registry.datasets.get(file)
    if (dataset === undefined) throw new TitianError('dataset-unknown', `the registry has no ${file}`)
    return { name: file, version: dataset.version, format: dataset.format, head: { version, asOf } }
  }

  function besideOf(head: ResultHead): Beside {
    return {
      store: (tx, batch) => resultHeads.store(tx, batch, head),
      async isSame(batch) {
        const stored = await resultHeads.read(batch)
        return stored?.version === head.version && stored.asOf === head.asOf
      },
    }
  }
}

function misfit(name: string, code: string, message: string): TitianError {
  return new TitianError('bad-request', message, { places: [{ pointer: `/querystring/${name}`, code }] })
}

const POST = {
  operationId: 'postResults',
  tags: ['results'],
  summary: 'Post what BPS says of subjects',
  description: [
    'NDJSON, one `ResultLine` each; or with `format` a keluarga or anggota file of the DTSEN, `|` between columns, with the version and date that it is of.',
    'It goes its way as a batch of its own: `GET /v1/batches/{id}` has its counts, `/findings` what was wrong with which line.',
    'A line that cannot be used is rejected alone. An older result never takes the place of a newer one.',
  ].join('\n'),
  consumes: ['application/x-ndjson', 'application/json', 'text/csv'],
  querystring: Type.Object(
    {
      format: Type.Optional(
        Type.Union(
          DTSEN_FILES.map((file) => Type.Literal(file)),
          { description: 'which file of the DTSEN the body is; not given: NDJSON lines' },
        ),
      ),
      version: Type.Optional(
        Type.String({ pattern: DTSEN_VERSION, description: 'of a DTSEN file: its version', examples: ['2026-Q3'] }),
      ),
      as_of: Type.Optional(Type.String({ format: 'date', description: 'of a DTSEN file: the date that it holds for' })),
    },
    { additionalProperties: false },
  ),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({ description: '1 to 255 visible ASCII characters; required', examples: ['"2026-Q3-1"'] }),
    ),
    ...UPLOAD_HEADERS,
  }),
  response: {
    200: { description: 'The batch that this key already made', ...json(ref(Batch)) },
    202: { description: 'Everything is stored and will be worked', ...json(ref(Batch)) },
    ...problems(...UPLOAD_PROBLEMS, 'dataset-unknown'),
  },
}
