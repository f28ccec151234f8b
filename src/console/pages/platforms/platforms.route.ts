import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { TitianError } from '../../../domain/error.ts'
import type { Platform } from '../../../domain/platform.ts'
import { selectPushes } from '../../../reports/oversight/platform-pushes.sql.ts'
import { agreementDay } from '../../../trust/agreements/agreement.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { platformBody, platformListBody } from './platforms-page.ts'
import { PLATFORMS_MENU } from './words.ts'

export type PlatformPageOptions = {
  db: Pool
  registry: { platforms: ReadonlyMap<string, Platform> }
  clock: () => Date
}

/** Platforms, their agreements, and what they have pushed. */
export async function platformPages(app: FastifyInstance, { db, registry, clock }: PlatformPageOptions): Promise<void> {
  const route = { config: doorTo('platforms'), schema: { hide: true } }

  app.get(PLATFORMS_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const platforms = [...registry.platforms.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    const shown = { platforms, pushes: await selectPushes(db, null), today: agreementDay(clock()) }
    return sendPage(reply, view, PLATFORMS_MENU.text[view.language], platformListBody(view, shown))
  })

  app.get<{ Params: { name: string } }>(`${PLATFORMS_MENU.path}/:name`, route, async (request, reply) => {
    const view = viewOf(request)
    const platform = registry.platforms.get(request.params.name)
    if (platform === undefined) throw new TitianError('not-found')
    const shown = { pushes: await selectPushes(db, platform.name), today: agreementDay(clock()) }
    return sendPage(reply, view, platform.name, platformBody(view, platform, shown))
  })
}
