import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { TitianError } from '../../../domain/error.ts'
import type { FindingText } from '../../../domain/finding.ts'
import type { Platform } from '../../../domain/platform.ts'
import { selectPushQuality } from '../../../reports/quality/quality.sql.ts'
import { judgeQuality } from '../../../reports/quality/quality.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { qualityCsv } from './quality-csv.ts'
import { qualityBody } from './quality-page.ts'
import { QUALITY_MENU } from './words.ts'

export type QualityPageOptions = {
  db: Pool
  registry: { platforms: ReadonlyMap<string, Platform> }
  findings: Readonly<Record<string, FindingText>>
}

/** Pushes of a dataset that are shown. */
const EACH = 12

/** The quality of a platform's pushes over time, as a page and as CSV. */
export async function qualityPages(
  app: FastifyInstance,
  { db, registry, findings }: QualityPageOptions,
): Promise<void> {
  const route = { config: doorTo('quality'), schema: { hide: true } }
  const platforms = [...registry.platforms.keys()].sort()
  const read = async (asked: string | undefined) => {
    const platform = asked ?? platforms[0] ?? ''
    if (asked !== undefined && !registry.platforms.has(asked)) throw new TitianError('not-found')
    return { platform, datasets: judgeQuality(await selectPushQuality(db, platform, EACH)) }
  }

  app.get<{ Querystring: { platform?: string } }>(QUALITY_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const shown = { ...(await read(request.query.platform)), platforms, findings }
    return sendPage(reply, view, QUALITY_MENU.text[view.language], qualityBody(view, shown))
  })

  app.get<{ Querystring: { platform?: string } }>(`${QUALITY_MENU.path}.csv`, route, async (request, reply) => {
    const { platform, datasets } = await read(request.query.platform)
    return reply
      .headers({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="quality-${platform}.csv"`,
      })
      .send(qualityCsv(platform, datasets))
  })
}
