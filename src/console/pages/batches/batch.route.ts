import type { FastifyInstance } from 'fastify'
import { TitianError } from '../../../domain/error.ts'
import { BatchPath } from '../../../engine/batch-shapes.ts'
import { viewBatch } from '../../../engine/batch-view.sql.ts'
import { type ReportDeps, readBatchReport } from '../../../reports/batch/report.db.ts'
import { mayKnowKeys, platformOf } from '../../../trust/access/caller.ts'
import { batchReportBody } from '../../../web/batch-report.ts'
import { say } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'

/** The report of one batch as a page that prints: for operators and stewards, and for the platform whose batch it is. */
export async function batchReportPages(app: FastifyInstance, options: ReportDeps): Promise<void> {
  app.get<{ Params: { id: string } }>(
    '/console/batches/:id',
    {
      config: { scope: ['ops', 'steward', 'batches:read'], basic: true },
      schema: { hide: true, params: BatchPath },
    },
    async (request, reply) => {
      const view = viewOf(request)
      const batch = await viewBatch(options.db, request.params.id, platformOf(request.caller))
      if (batch === undefined) throw new TitianError('not-found')
      const asked = { language: view.language, mayKnow: mayKnowKeys(request.caller) }
      return sendPage(
        reply,
        view,
        say(view, 'batchReport'),
        batchReportBody(view, await readBatchReport(options, batch, asked)),
      )
    },
  )
}
