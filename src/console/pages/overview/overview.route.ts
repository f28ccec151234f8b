import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import type { Platform } from '../../../domain/platform.ts'
import { listBatches } from '../../../engine/batch-view.sql.ts'
import { countOpenReviews } from '../../../link/review/review.sql.ts'
import { sumBatches } from '../../../reports/conservation.sql.ts'
import { balance } from '../../../reports/conservation.ts'
import { readPipeline } from '../../../reports/operations/pipeline.db.ts'
import { selectCadences } from '../../../reports/operations/pipeline.sql.ts'
import { selectAlerts } from '../../../watch/alerts/alert.sql.ts'
import { html } from '../../../web/html.ts'
import { link } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { LIVE_SCRIPT } from '../../assets.route.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { alertsBody } from './alerts.ts'
import { openLive } from './live.http.ts'
import { homeBody } from './overview.ts'
import { pipelineBody } from './pipeline.ts'
import { platformsBody } from './platforms.ts'
import { OVERVIEW_MENU } from './words.ts'

const BATCHES = 10
const LIVE_PATH = '/console/live'
/** Days by the clocks of Jakarta. */
const JAKARTA_MS = 7 * 3_600_000

export type OverviewOptions = {
  db: Pool
  registry: { platforms: ReadonlyMap<string, Pick<Platform, 'name' | 'title' | 'agreement'>> }
  clock: () => Date
}

/** The first page of the console, and its live part as server-sent events. */
export async function overviewPages(app: FastifyInstance, { db, registry, clock }: OverviewOptions): Promise<void> {
  const route = { config: doorTo('overview'), schema: { hide: true } } as const
  const live = openLive(app, () => readPipeline(db, clock()))
  const known = [...registry.platforms.values()].sort((a, b) => (a.name < b.name ? -1 : 1))

  app.get('/console', route, async (request, reply) => {
    const view = { ...viewOf(request), script: LIVE_SCRIPT }
    const { gap, open, open_since: openSince, platforms } = balance(await sumBatches(db, null))
    const batches = await listBatches(db, { platform: null, after: null, limit: BATCHES })
    const openReviews = (await countOpenReviews(db)).open
    const cadences = await selectCadences(
      db,
      known.map(({ name }) => name),
    )
    const shown = known.map(({ name, title, agreement }) => {
      const sums = platforms.find(({ platform }) => platform === name)
      const off = sums === undefined ? 0 : Math.abs(sums.gap) + Math.abs(sums.ledger_gap) + Math.abs(sums.delivery_gap)
      const cadence = cadences.find(({ platform }) => platform === name)
      return { name, title, validTo: agreement.validTo, cadence, gap: off }
    })
    const today = new Date(clock().getTime() + JAKARTA_MS).toISOString().slice(0, 10)
    const body = homeBody(view, {
      ...{ openReviews, gap, open, openSince, platforms, batches },
      live: html`<div data-live="${link(view, LIVE_PATH, { lang: view.language })}">${pipelineBody(view, await live.look())}</div>`,
      alerts: alertsBody(view, await selectAlerts(db)),
      known: platformsBody(view, shown, today),
    })
    return sendPage(reply, view, OVERVIEW_MENU.text[view.language], body)
  })

  app.get(LIVE_PATH, { ...route, config: doorTo('overview', 'watch') }, async (request, reply) => {
    const view = viewOf(request)
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const events = live.follow((figures) => pipelineBody(view, figures).markup, gone.signal)
    return reply
      .headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
      .send(Readable.from(events, { objectMode: false }))
  })
}
