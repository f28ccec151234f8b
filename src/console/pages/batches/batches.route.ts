import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { TitianError } from '../../../domain/error.ts'
import { BATCH, type BatchState } from '../../../domain/states.ts'
import { BATCH_ID } from '../../../engine/batch-shapes.ts'
import { viewBatches } from '../../../engine/batch-view.sql.ts'
import { selectBatchIds } from '../../../reports/batch/listed.sql.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { type AskedBatches, batchesBody } from './batches.ts'
import { BATCHES_MENU } from './words.ts'

const PAGE = 25
const DAY = /^\d{4}-\d{2}-\d{2}$/

export type BatchListOptions = {
  db: Pool
  registry: { platforms: ReadonlyMap<string, unknown>; datasets: ReadonlyMap<string, unknown> }
}

/** The list of batches, by filters that stand in the address. */
export async function batchListPages(app: FastifyInstance, { db, registry }: BatchListOptions): Promise<void> {
  const route = { config: doorTo('batches'), schema: { hide: true } } as const
  app.get<{ Querystring: Record<string, string | undefined> }>('/console/batches', route, async (request, reply) => {
    const view = viewOf(request)
    const { after } = request.query
    if (after !== undefined && !new RegExp(BATCH_ID).test(after)) throw new TitianError('bad-request')
    const asked = askedIn(request.query)
    const filter = {
      platform: asked.platform ?? null,
      dataset: asked.dataset ?? null,
      state: asked.state ?? null,
      from: asked.from === undefined ? null : dayIn(asked.from, '00'),
      to: asked.to === undefined ? null : dayIn(asked.to, '24'),
      isHolding: asked.held === 'yes',
    }
    const ids = await selectBatchIds(db, filter, { after: after ?? null, limit: PAGE + 1 })
    const body = batchesBody(view, {
      asked,
      platforms: [...registry.platforms.keys()].sort(),
      datasets: [...registry.datasets.keys()].sort(),
      batches: await viewBatches(db, ids.slice(0, PAGE)),
      next: ids.length > PAGE ? (ids[PAGE - 1] ?? null) : null,
    })
    return sendPage(reply, view, BATCHES_MENU.text[view.language], body)
  })
}

/** The filters of an address; an empty one is none, one that is no filter is refused. */
function askedIn({ platform, dataset, state, from, to, held }: Record<string, string | undefined>): AskedBatches {
  if ((state && !Object.hasOwn(BATCH, state)) || [from, to].some((day) => day && !DAY.test(day)))
    throw new TitianError('bad-request')
  return {
    ...(platform && { platform }),
    ...(dataset && { dataset }),
    ...(state && { state: state as BatchState }),
    ...(from && { from }),
    ...(to && { to }),
    ...(held === 'yes' && { held }),
  }
}

/** An hour of a day by the clocks of Jakarta (UTC+7, no daylight saving). */
function dayIn(day: string, hour: '00' | '24'): Date {
  const at = new Date(`${day}T${hour}:00:00+07:00`)
  if (Number.isNaN(at.getTime())) throw new TitianError('bad-request', 'no such day')
  return at
}
