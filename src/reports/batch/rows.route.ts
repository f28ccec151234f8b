import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Dataset, SourceFormat } from '../../domain/dataset.ts'
import { TitianError } from '../../domain/error.ts'
import { BATCH_ID } from '../../engine/batch-shapes.ts'
import { type BatchView, viewBatch } from '../../engine/batch-view.sql.ts'
import { XLSX_TYPE } from '../../intake/formats/sniff.ts'
import { chooseType } from '../../io/http/accept.ts'
import { speakTo } from '../../io/http/language.ts'
import { problems } from '../../io/http/openapi.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { GIVEN_BACK, type GivenBack } from './given-back.ts'
import { giveBackRows, type RowsDeps } from './rows.db.ts'
import { areRowsGone, countRows } from './rows.sql.ts'
import { csvWriter, ndjsonWriter, type RowWriter, xlsxWriter } from './rows-text.ts'

export type RowsRouteOptions = RowsDeps & { registry: { versions: ReadonlyMap<string, Pick<Dataset, 'format'>> } }

type Form = { type: string; end: string; write: RowWriter }

/** `GET /v1/batches/{id}/rows/{which}`: rows of a batch in the sender's own layout, with the reason beside, to be mended and pushed again. */
export async function batchRowsRoutes(app: FastifyInstance, options: RowsRouteOptions): Promise<void> {
  const { db, registry } = options
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/v1/batches/:id/rows/:which',
      { config: { scope: 'batches:read' }, schema: SCHEMA },
      async (request, reply) => {
        const { id, which } = request.params
        const { platform, client } = request.caller
        // Source records are for whoever sent them: nobody else has a way to read them here.
        if (platform === null) throw new TitianError('scope-missing', `client ${client} speaks for no platform`)
        const batch = await viewBatch(db, id, platform)
        if (batch?.kind !== 'push') throw new TitianError('not-found')
        const forms = formsOf(formatOf(batch), batch.dataset)
        const type = chooseType(request, reply, forms.map((form) => form.type) as [string, ...string[]])
        const form = forms.find((one) => one.type === type) ?? (forms[0] as Form)
        if (await areRowsGone(db, id, which)) throw new TitianError('rows-gone')
        const language = speakTo(request, reply)
        const shown = { purpose: 'mending', which, records: await countRows(db, id, which) }
        await noteReading(db, { actor: client, action: 'rows.read', object: id, shown })
        const rows = form.write(giveBackRows(options, { batch: id, which, language }))
        return reply
          .type(form.type === XLSX_TYPE ? form.type : `${form.type}; charset=utf-8`)
          .header('content-disposition', `attachment; filename="${id}-${which}.${form.end}"`)
          .send(Readable.from(rows, { objectMode: false, highWaterMark: 64 * 1024 }))
      },
    )

  function formatOf(batch: BatchView): SourceFormat {
    return registry.versions.get(`${batch.dataset}@${batch.dataset_version}`)?.format ?? { kind: 'ndjson' }
  }
}

/** The forms that rows of a layout can be written in, the usual one first. */
function formsOf(format: SourceFormat, dataset: string): Form[] {
  if (format.kind !== 'csv') return [{ type: 'application/x-ndjson', end: 'ndjson', write: ndjsonWriter() }]
  return [
    { type: 'text/csv', end: 'csv', write: csvWriter(format) },
    { type: XLSX_TYPE, end: 'xlsx', write: xlsxWriter(format, dataset) },
  ]
}

const SCHEMA = {
  operationId: 'giveBackRows',
  tags: ['batches'],
  summary: 'Rows of a batch that were rejected, held or not processed, as they came',
  description:
    'In the layout of the dataset, as CSV, XLSX or NDJSON, with the reason and what to do in columns that begin with `titian_`, or in the ' +
    'member `_titian`. A push ignores these, so that mended rows are pushed as they are. Rows that a later batch has corrected are ' +
    'left out. Values are exactly those that were sent: a spreadsheet may take one for a formula.',
  params: Type.Object(
    {
      id: Type.String({ pattern: BATCH_ID, examples: ['bat_01kaj3q8z4t0c6v9w2x5y7b1nd'] }),
      which: Type.Unsafe<GivenBack>({
        type: 'string',
        enum: [...GIVEN_BACK],
        description:
          '`unprocessed`: rows that only the end of their batch kept out (aborted, or refused as a whole), and pending ones',
      }),
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'The rows',
      content: {
        'text/csv': { schema: Type.Unsafe<Readable>(Type.String()) },
        [XLSX_TYPE]: { schema: Type.Unsafe<Readable>(Type.String({ format: 'binary' })) },
        'application/x-ndjson': { schema: Type.Unsafe<Readable>(Type.String()) },
      },
    },
    ...problems('not-found', 'not-acceptable', 'rows-gone'),
  },
}
