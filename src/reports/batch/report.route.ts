import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { BatchPath } from '../../engine/batch-shapes.ts'
import { viewBatch } from '../../engine/batch-view.sql.ts'
import { speakTo } from '../../io/http/language.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { isKnownTag, tagOf } from '../../io/http/waiting/tagged.http.ts'
import { mayKnowKeys, platformOf } from '../../trust/access/caller.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { type ReportDeps, readBatchReport } from './report.db.ts'
import { BatchReport } from './report-shape.ts'

/** `GET /v1/batches/{id}/report`: the verdict of a batch, what was found and how it is mended, beside the batch before. */
export async function batchReportRoutes(app: FastifyInstance, deps: ReportDeps): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      '/v1/batches/:id/report',
      { config: { scope: ['batches:read', 'results:write', 'ops', 'steward'] }, schema: SCHEMA },
      async (request, reply) => {
        const { caller, params } = request
        const batch = await viewBatch(deps.db, params.id, platformOf(caller))
        if (batch === undefined) throw new TitianError('not-found')
        const language = speakTo(request, reply)
        const asked = { language, mayKnow: mayKnowKeys(caller) }
        const { report, records } = await readBatchReport(deps, batch, asked)
        if (isKnownTag(request, reply, tagOf(report))) return reply.code(304).send(null)
        if (records > 0) {
          const shown = { purpose: 'report', records }
          await noteReading(deps.db, { actor: caller.client, action: 'report.read', object: batch.id, shown })
        }
        return reply.send(report)
      },
    )
}

const SCHEMA = {
  operationId: 'readBatchReport',
  tags: ['batches'],
  summary: 'What became of a batch, why, and what to do',
  description:
    'A verdict in a sentence; what was found, by severity, code and field, beside the batch before; the form of some values that ' +
    'were found fault with, without what they say; how each is mended; and a score of quality for each field.',
  params: BatchPath,
  response: {
    200: ref(BatchReport),
    304: Type.Null({ description: 'not changed' }),
    ...problems('not-found', 'precondition-failed', 'too-many'),
  },
}
