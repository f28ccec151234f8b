import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Pool } from 'pg'
import type { Regions } from '../../../clean/regions/regions.ts'
import { TitianError } from '../../../domain/error.ts'
import type { FindingText } from '../../../domain/finding.ts'
import type { Platform } from '../../../domain/platform.ts'
import { selectDistricts } from '../../../reports/quality/districts.sql.ts'
import { judgeDistricts } from '../../../reports/quality/districts.ts'
import { selectPushQuality } from '../../../reports/quality/quality.sql.ts'
import { judgeQuality } from '../../../reports/quality/quality.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { districtsCsv, qualityCsv } from './quality-csv.ts'
import { qualityBody } from './quality-page.ts'
import { QUALITY_MENU } from './words.ts'

export type QualityPageOptions = {
  db: Pool
  registry: { platforms: ReadonlyMap<string, Platform>; regions: Pick<Regions, 'districtsIn'> }
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
  // A list of tens of thousands of places is gone through once.
  const districts = new Map(
    [...registry.platforms.values()].map(({ name, scope }) => [name, registry.regions.districtsIn(scope)]),
  )
  const readMap = async (platform: string) => {
    const counted = await selectDistricts(db, platform)
    const placed = counted.districts.reduce((sum, { entries }) => sum + entries, 0)
    return {
      districts: judgeDistricts(districts.get(platform) ?? [], counted.districts),
      unplaced: counted.received - placed,
    }
  }
  const read = async (asked: string | undefined) => {
    const platform = asked ?? platforms[0] ?? ''
    if (asked !== undefined && !registry.platforms.has(asked)) throw new TitianError('not-found')
    return { platform, datasets: judgeQuality(await selectPushQuality(db, platform, EACH)) }
  }

  app.get<{ Querystring: { platform?: string } }>(QUALITY_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const found = await read(request.query.platform)
    const shown = { ...found, platforms, findings, map: await readMap(found.platform) }
    return sendPage(reply, view, QUALITY_MENU.text[view.language], qualityBody(view, shown))
  })

  app.get<{ Querystring: { platform?: string } }>(`${QUALITY_MENU.path}.csv`, route, async (request, reply) => {
    const { platform, datasets } = await read(request.query.platform)
    return sendCsv(reply, `quality-${platform}.csv`, qualityCsv(platform, datasets))
  })

  app.get<{ Querystring: { platform?: string } }>(
    `${QUALITY_MENU.path}/districts.csv`,
    route,
    async (request, reply) => {
      const { platform } = await read(request.query.platform)
      const map = await readMap(platform)
      return sendCsv(reply, `districts-${platform}.csv`, districtsCsv(platform, map.districts))
    },
  )
}

function sendCsv(reply: FastifyReply, name: string, text: string): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    })
    .send(text)
}
