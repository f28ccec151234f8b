import type { FastifyInstance } from 'fastify'
import { TitianError } from '../../../domain/error.ts'
import type { BatchId } from '../../../domain/ids.ts'
import { BatchPath } from '../../../engine/batch-shapes.ts'
import { type BatchView, viewBatch } from '../../../engine/batch-view.sql.ts'
import { selectReleases } from '../../../engine/release/release.sql.ts'
import { type ReportDeps, readBatchReport } from '../../../reports/batch/report.db.ts'
import { selectBatchDeliveries, selectBatchWay } from '../../../reports/batch/way.sql.ts'
import { type Caller, mayKnowKeys, platformOf } from '../../../trust/access/caller.ts'
import { noteReading } from '../../../trust/audit/reading.db.ts'
import { openReason } from '../../../trust/keys/reason.ts'
import { batchReportBody } from '../../../web/batch-report.ts'
import { type Html, html } from '../../../web/html.ts'
import { say, type View } from '../../../web/page.ts'
import { saved } from '../../../web/saved.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { actsBody, releasesBody } from './acts.ts'
import { deliveriesBody, wayBody } from './way.ts'
import { sayBatch } from './words.ts'

const DELIVERIES = 100
const RELEASES = 20
const SAVED = { release: 'savedRelease', nothing: 'savedNothing', retry: 'savedRetry', abort: 'savedAbort' } as const

/** The page of one batch, which prints: for operators and stewards with its way and what may be done, and as a report for its platform. */
export async function batchReportPages(app: FastifyInstance, options: ReportDeps): Promise<void> {
  const { db } = options
  const scope = ['ops', 'steward', 'batches:read'] as const
  app.get<{ Params: { id: string }; Querystring: { saved?: string } }>(
    '/console/batches/:id',
    { config: { scope, basic: true }, schema: { hide: true, params: BatchPath } },
    async (request, reply) => {
      const view = viewOf(request)
      const batch = await viewBatch(db, request.params.id, platformOf(request.caller))
      if (batch === undefined) throw new TitianError('not-found')
      const asked = { language: view.language, mayKnow: mayKnowKeys(request.caller) }
      const { report, records } = await readBatchReport(options, batch, asked)
      if (records > 0) {
        const shown = { purpose: 'report', records }
        await noteReading(db, { actor: request.caller.client, action: 'report.read', object: batch.id, shown })
      }
      const note = saved(SAVED, request.query.saved, (word) => sayBatch(view, word))
      const around = request.caller.platform === null ? await aroundOf(view, batch, request.caller, report) : []
      const body = html`${note}${around.length === 0 ? undefined : jumps(view, around.at(-1)?.markup !== '')}${batchReportBody(view, report)}${around}`
      return sendPage(reply, view, say(view, 'batchReport'), body)
    },
  )

  /** What only the console's own people see of a batch. */
  async function aroundOf(
    view: View,
    batch: BatchView,
    { scopes }: Caller,
    { causes }: { causes: readonly { code: string; severity: string; title: string; entries: number }[] },
  ): Promise<Html[]> {
    const isOps = scopes.includes('ops')
    const deliveries = await selectBatchDeliveries(db, batch.id, DELIVERIES)
    const releases = await selectReleases(db, batch.id as BatchId, RELEASES)
    const acts = actsBody(view, {
      batch,
      codes: causes
        .filter(({ severity }) => severity === 'hold')
        .map(({ code, title, entries }) => ({
          ...{ code, title, entries },
          wantsReason: options.findings[code]?.wantsReason === true,
        })),
      openDeliveries: deliveries.filter(({ status }) => status !== 'acknowledged').length,
      isOps,
      isSteward: scopes.includes('steward'),
    })
    const told = releases.map((release) => ({
      ...release,
      reason: release.reason && (scopes.includes('steward') ? openReason(options.vault, release.reason) : '…'),
    }))
    return [
      wayBody(view, batch, await selectBatchWay(db, batch.id)),
      deliveriesBody(view, deliveries, isOps),
      releasesBody(view, told) ?? html``,
      acts ?? html``,
    ]
  }
}

/** Leads past the long report. */
function jumps(view: View, mayAct: boolean): Html {
  const to = (word: 'way' | 'deliveries' | 'acts') => html`<li><a href="#${word}">${sayBatch(view, word)}</a></li>`
  return html`<ul class="tabs">${to('way')}${to('deliveries')}${mayAct ? to('acts') : undefined}</ul>`
}
