import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { listBatches } from '../../../engine/batch-view.sql.ts'
import { countOpenReviews } from '../../../link/review/review.sql.ts'
import { sumBatches } from '../../../reports/conservation.sql.ts'
import { balance } from '../../../reports/conservation.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { homeBody } from './overview.ts'
import { OVERVIEW_MENU } from './words.ts'

const BATCHES = 20

/** The first page of the console. */
export async function overviewPages(app: FastifyInstance, { db }: { db: Pool }): Promise<void> {
  const route = { config: { scope: ['ops', 'steward'], basic: true }, schema: { hide: true } } as const
  app.get('/console', route, async (request, reply) => {
    const view = viewOf(request)
    const { gap, open, open_since: openSince, platforms } = balance(await sumBatches(db, null))
    const batches = await listBatches(db, { platform: null, after: null, limit: BATCHES })
    const openReviews = (await countOpenReviews(db)).open
    const body = homeBody(view, { openReviews, gap, open, openSince, platforms, batches })
    return sendPage(reply, view, OVERVIEW_MENU.text[view.language], body)
  })
}
