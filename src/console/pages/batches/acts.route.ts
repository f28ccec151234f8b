import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import type { BatchId } from '../../../domain/ids.ts'
import { type AbortDeps, abortBatch } from '../../../engine/abort/abort.db.ts'
import { BatchPath } from '../../../engine/batch-shapes.ts'
import { type BatchView, viewBatch } from '../../../engine/batch-view.sql.ts'
import { releaseBatch } from '../../../engine/release/release.db.ts'
import type { ReleaseRouteOptions } from '../../../engine/release/release.route.ts'
import { orderOf, readWish } from '../../../engine/release/wish.ts'
import { retryDelivery } from '../../../forward/operate/operate.sql.ts'
import { type ReplayDeps, replayBatch } from '../../../intake/replay.db.ts'
import { inTransaction } from '../../../io/postgres/postgres.ts'
import { GIVEN_BACK, type GivenBack } from '../../../reports/batch/given-back.ts'
import { giveBackRows, type RowsDeps } from '../../../reports/batch/rows.db.ts'
import { areRowsGone, countRows } from '../../../reports/batch/rows.sql.ts'
import { csvWriter, ndjsonWriter } from '../../../reports/batch/rows-text.ts'
import { selectBatchDeliveries } from '../../../reports/batch/way.sql.ts'
import { requireFlow } from '../../../trust/agreements/agreement.ts'
import { appendAudit } from '../../../trust/audit/audit.sql.ts'
import { noteReading } from '../../../trust/audit/reading.db.ts'
import { sealReason } from '../../../trust/keys/reason.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { pathTo } from '../../../web/page.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo, hasRight } from '../../rights.ts'

export type BatchActOptions = ReleaseRouteOptions &
  RowsDeps &
  AbortDeps &
  ReplayDeps & {
    vault: Vault
    hasten: () => Promise<unknown>
  }

const MOST_DELIVERIES = 100
const LONG_MILLISECONDS = 600_000

const Act = Type.Object(
  {
    act: Type.Enum(['release', 'retry', 'abort', 'replay']),
    code: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 100 })])),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)
const NEEDS = { release: 'release', retry: 'deliveries', abort: 'batch.abort', replay: 'batch.replay' } as const
const Rows = Type.Object(
  { which: Type.Enum([...GIVEN_BACK]), reason: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }) },
  { additionalProperties: false },
)

/** What operators and stewards do about one batch, by forms of its page. */
export async function batchActs(app: FastifyInstance, options: BatchActOptions): Promise<void> {
  const { db, vault, findings } = options
  const schema = { hide: true, params: BatchPath }

  app.post<{ Params: { id: BatchId } }>(
    '/console/batches/:id',
    { config: doorTo('release'), handlerTimeout: LONG_MILLISECONDS, schema },
    async (request, reply) => {
      const view = viewOf(request)
      if (!Value.Check(Act, request.body)) throw new TitianError('bad-request')
      const batch = await found(request.params.id)
      const { act } = request.body
      if (!hasRight(request.caller, NEEDS[act])) throw new TitianError('scope-missing')
      const did = await DO[act](batch, request.caller.client, request.body)
      // Where it is worked again, its new batch is what there is to see.
      const [saved, at = batch.id] = did.split(' ')
      return reply.redirect(pathTo(view, `/console/batches/${at}`, { saved: saved ?? '' }), 303)
    },
  )

  app.post<{ Params: { id: BatchId } }>(
    '/console/batches/:id/rows',
    { config: doorTo('batch.rows'), schema },
    async (request, reply) => {
      const view = viewOf(request)
      if (!Value.Check(Rows, request.body)) throw new TitianError('bad-request')
      const which = request.body.which as GivenBack
      const batch = await found(request.params.id)
      if (batch.kind !== 'push') throw new TitianError('not-found')
      if (await areRowsGone(db, batch.id, which)) throw new TitianError('rows-gone')
      const details = { which, reason: sealReason(vault, request.body.reason) }
      // That they are read is written down before they are.
      await inTransaction(db, (tx) =>
        appendAudit(tx, { actor: request.caller.client, action: 'batch.rows-read', object: batch.id, details }),
      )
      const shown = { purpose: 'stewardship', which, records: await countRows(db, batch.id, which) }
      await noteReading(db, { actor: request.caller.client, action: 'rows.read', object: batch.id, shown })
      const format = options.registry.versions.get(`${batch.dataset}@${batch.dataset_version}`)?.format
      const isCsv = format?.kind === 'csv'
      const write = isCsv ? csvWriter(format) : ndjsonWriter()
      const rows = write(giveBackRows(options, { batch: batch.id, which, language: view.language }))
      return reply
        .type(isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="${batch.id}-${which}.${isCsv ? 'csv' : 'ndjson'}"`)
        .send(Readable.from(rows, { objectMode: false }))
    },
  )

  type Wanted = { code?: string | string[]; reason?: string }
  const DO: Record<
    'release' | 'retry' | 'abort' | 'replay',
    (batch: BatchView, actor: string, wanted: Wanted) => Promise<string>
  > = {
    async release(batch, actor, { code, reason }) {
      requireFlow(options.platforms, batch.platform, options.clock())
      const codes = code === undefined ? [] : [code].flat()
      const why = reason?.trim() === '' ? undefined : reason
      const body = codes.length === 0 ? null : { codes, ...(why !== undefined && { reason: why }) }
      const order = orderOf(vault, readWish(body, findings), { batch: batch.id as BatchId, actor })
      const { released } = await releaseBatch(options, order)
      // The sweeper dispatches what this misses.
      if (released > 0) await options.dispatch(batch.platform).catch(() => undefined)
      return released > 0 ? 'release' : 'nothing'
    },
    async retry(batch, actor) {
      for (const { id, status } of await selectBatchDeliveries(db, batch.id, MOST_DELIVERIES))
        if (status !== 'acknowledged') await inTransaction(db, (tx) => retryDelivery(tx, id, actor))
      await options.hasten().catch(() => undefined)
      return 'retry'
    },
    async replay(batch, actor, { reason = '' }) {
      if (reason.trim().length < 3) throw new TitianError('bad-request')
      const done = await replayBatch(options, { batch: batch.id as BatchId, actor, reason })
      if (done.is !== 'replayed') return done.is
      // The sweeper dispatches what this misses.
      await options.dispatch(batch.platform).catch(() => undefined)
      return `replay ${done.batch}`
    },
    async abort(batch, by) {
      await abortBatch(options, { batch: batch.id as BatchId, platform: null, by })
      return 'abort'
    },
  }

  async function found(id: string): Promise<BatchView> {
    const batch = await viewBatch(db, id, null)
    if (batch === undefined) throw new TitianError('not-found')
    return batch
  }
}
