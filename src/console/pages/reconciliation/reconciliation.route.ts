import type { FastifyInstance } from 'fastify'
import { TitianError } from '../../../domain/error.ts'
import { quarterOf } from '../../../domain/quarter.ts'
import { isCursorOf, LISTS, type ReconciliationList } from '../../../reports/reconciliation/lists.ts'
import { readReconciledList } from '../../../reports/reconciliation/reconciliation.db.ts'
import type { ReconciliationRouteOptions } from '../../../reports/reconciliation/reconciliation.route.ts'
import { selectLatestDay } from '../../../reports/reconciliation/reconciliation.sql.ts'
import { begunQuarter, shownRecord } from '../../../reports/reconciliation/shown.ts'
import { html } from '../../../web/html.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { RECONCILIATION_PATH, reconciliationBody } from './reconciliation-page.ts'
import { RECONCILIATION_MENU, sayReconciliation } from './words.ts'

const PAGE = 100
const QUARTERS = 8

type Query = { platform?: string; quarter?: string; level?: string; list?: string; after?: string }

/** The reconciliation of a region and quarter as a page for the steward. */
export async function reconciliationPages(app: FastifyInstance, options: ReconciliationRouteOptions): Promise<void> {
  const { db, registry, resultCatalogue, clock, reconciliationTotals } = options
  app.get<{ Querystring: Query }>(
    RECONCILIATION_PATH,
    { config: doorTo('reconciliation'), schema: { hide: true } },
    async (request, reply) => {
      const view = viewOf(request)
      const { query } = request
      const platforms = [...registry.platforms.keys()].sort()
      const platform = registry.platforms.get(query.platform ?? platforms[0] ?? '')
      // A quarter of which BPS has said nothing yet is an empty page: the one it spoke of last comes first.
      const latest = query.quarter === undefined ? await selectLatestDay(db) : undefined
      const quarter = begunQuarter(query.quarter ?? (latest && quarterOf(latest)), clock())
      const title = RECONCILIATION_MENU.text[view.language]
      if (platforms.length === 0)
        return sendPage(reply, view, title, html`<p class="none">${sayReconciliation(view, 'noBatches')}</p>`)
      const { list, after = '' } = query
      const isKnown = list === undefined || isListed(list)
      if (
        platform === undefined ||
        quarter === undefined ||
        !isKnown ||
        (list !== undefined && !isCursorOf(list, after))
      )
        throw new TitianError('not-found')
      const level = query.level === 'keluarga' ? 'keluarga' : 'individu'
      const asked = { platform: platform.name, scope: platform.scope, level, quarter } as const
      const totals = await reconciliationTotals(asked)
      const page = list && (await readReconciledList(options, asked, list, { after, limit: PAGE }))
      const body = reconciliationBody(view, {
        asked: { platform: platform.name, quarter: quarter.name, level },
        platforms,
        quarters: latestQuarters(clock()),
        totals,
        list: page
          ? {
              name: list,
              records: page.items.map((item) => shownRecord(item, resultCatalogue, view.language)),
              next: page.next,
            }
          : undefined,
      })
      return sendPage(reply, view, title, body)
    },
  )
}

function isListed(name: string): name is ReconciliationList {
  return LISTS.some((list) => list === name)
}

/** The names of the latest quarters, the present one first. */
function latestQuarters(now: Date): string[] {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
  return Array.from({ length: QUARTERS }, (_, back) => {
    const month = new Date(first)
    month.setUTCMonth(first.getUTCMonth() - 3 * back)
    return quarterOf(month.toISOString())
  })
}
