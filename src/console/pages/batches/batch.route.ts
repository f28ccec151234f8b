import type { FastifyInstance, FastifyReply } from 'fastify'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import type { BatchId } from '../../../domain/ids.ts'
import { BatchPath } from '../../../engine/batch-shapes.ts'
import { type BatchView, viewBatch } from '../../../engine/batch-view.sql.ts'
import { selectReleases } from '../../../engine/release/release.sql.ts'
import { inTransaction } from '../../../io/postgres/postgres.ts'
import { readExampleValues } from '../../../reports/batch/examples.db.ts'
import { type ReportDeps, readBatchReport } from '../../../reports/batch/report.db.ts'
import type { BatchReportView } from '../../../reports/batch/report-shape.ts'
import { selectBatchDeliveries, selectBatchWay } from '../../../reports/batch/way.sql.ts'
import { type Caller, mayKnowKeys, platformOf } from '../../../trust/access/caller.ts'
import { appendAudit } from '../../../trust/audit/audit.sql.ts'
import { noteReading } from '../../../trust/audit/reading.db.ts'
import { openReason, sealReason } from '../../../trust/keys/reason.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { type BelowCause, batchReportBody } from '../../../web/batch-report.ts'
import { type Html, html } from '../../../web/html.ts'
import { say, type View } from '../../../web/page.ts'
import { saved } from '../../../web/saved.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { actsBody, releasesBody } from './acts.ts'
import { examplesBelow, type ShownValues } from './example-values.ts'
import { deliveriesBody, wayBody } from './way.ts'
import { sayBatch } from './words.ts'

const DELIVERIES = 100
const RELEASES = 20
const SAVED = {
  release: 'savedRelease',
  nothing: 'savedNothing',
  retry: 'savedRetry',
  abort: 'savedAbort',
  replay: 'savedReplay',
  'not-settled': 'replayNotSettled',
  overtaken: 'replayOvertaken',
  gone: 'replayGone',
} as const

const WantedValues = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 80 }),
    reason: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }),
  },
  { additionalProperties: false },
)

/** What a page of a batch is made of. */
type Shown = {
  view: View
  caller: Caller
  batch: BatchView
  report: BatchReportView
  note?: Html | undefined
  values?: ShownValues
}

/** The options need a vault that seals, too: reasons for looking are kept. */
export type BatchPageOptions = ReportDeps & { vault: Pick<Vault, 'open' | 'seal'> }

/** The page of one batch, which prints: for operators and stewards with its way and what may be done, and as a report for its platform. */
export async function batchReportPages(app: FastifyInstance, options: BatchPageOptions): Promise<void> {
  const { db } = options
  app.get<{ Params: { id: string }; Querystring: { saved?: string } }>(
    '/console/batches/:id',
    { config: doorTo('batches'), schema: { hide: true, params: BatchPath } },
    async (request, reply) => {
      const view = viewOf(request)
      const { batch, report } = await read(request.params.id, view, request.caller)
      const note = saved(SAVED, request.query.saved, (word) => sayBatch(view, word))
      return send(reply, { view, caller: request.caller, batch, report, note })
    },
  )

  app.post<{ Params: { id: string } }>(
    '/console/batches/:id/values',
    { config: doorTo('batch.values'), schema: { hide: true, params: BatchPath } },
    async (request, reply) => {
      const view = viewOf(request)
      if (!Value.Check(WantedValues, request.body)) throw new TitianError('bad-request')
      const { code, reason } = request.body
      const { batch, report } = await read(request.params.id, view, request.caller)
      const asked = report.causes.find((cause) => cause.code === code)?.examples ?? []
      if (asked.length === 0) throw new TitianError('not-found')
      const details = { code, reason: sealReason(options.vault, reason) }
      // That they are seen is written down before they are.
      await inTransaction(db, (tx) =>
        appendAudit(tx, { actor: request.caller.client, action: 'batch.values-read', object: batch.id, details }),
      )
      const values = await readExampleValues(options, batch.id, asked)
      return send(reply, { view, caller: request.caller, batch, report, values: { code, values } })
    },
  )

  async function read(id: string, view: View, caller: Caller) {
    const batch = await viewBatch(db, id, platformOf(caller))
    if (batch === undefined) throw new TitianError('not-found')
    const asked = { language: view.language, mayKnow: mayKnowKeys(caller) }
    const { report, records } = await readBatchReport(options, batch, asked)
    if (records > 0) {
      const shown = { purpose: 'report', records }
      await noteReading(db, { actor: caller.client, action: 'report.read', object: batch.id, shown })
    }
    return { batch, report }
  }

  async function send(
    reply: FastifyReply,
    { view, caller, batch, report, note, values }: Shown,
  ): Promise<FastifyReply> {
    const around = caller.platform === null ? await aroundOf(view, batch, caller, report) : []
    const isSteward = caller.platform === null && caller.scopes.includes('steward')
    const below: BelowCause = (cause) => (isSteward ? examplesBelow(view, batch.id, cause, values) : undefined)
    const body = html`${note}${around.length === 0 ? undefined : jumps(view, around.at(-1)?.markup !== '')}${batchReportBody(view, report, below)}${around}`
    return sendPage(reply, view, say(view, 'batchReport'), body)
  }

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
