import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import { NATIONAL_PLATFORM } from '../../../domain/platform.ts'
import { STAGES } from '../../../domain/states.ts'
import { OWN_PLATFORM } from '../../../engine/own-batch.sql.ts'
import { pauseStage, resumeStage } from '../../../engine/pause/pause.db.ts'
import { selectPauses } from '../../../engine/pause/pause.sql.ts'
import { stagesBefore } from '../../../engine/pause/pause.ts'
import { selectCanaries } from '../../../reports/duty/canaries.sql.ts'
import { selectLeases, selectQueueFigures, selectRates } from '../../../reports/operations/queues.sql.ts'
import { html } from '../../../web/html.ts'
import { pathTo } from '../../../web/page.ts'
import { saved } from '../../../web/saved.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { queuesBody } from './queues.ts'
import { QUEUES_MENU, sayQueue } from './words.ts'

const LEASES = 50
const SAVED = { pause: 'savedPause', drain: 'savedDrain', resume: 'savedResume' } as const

const Order = Type.Object(
  {
    platform: Type.String({ maxLength: 64 }),
    stage: Type.Enum([...STAGES]),
    wish: Type.Enum(['pause', 'drain', 'resume']),
  },
  { additionalProperties: false },
)

export type QueuePageOptions = {
  db: Pool
  registry: { platforms: ReadonlyMap<string, unknown> }
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

/** The queues by the database, and the orders of an operator: pause, drain or resume one stage of one platform. */
export async function queuePages(app: FastifyInstance, { db, registry, dispatch }: QueuePageOptions): Promise<void> {
  const route = { config: doorTo('queues'), schema: { hide: true } } as const
  const platforms = [...[...registry.platforms.keys()].sort(), NATIONAL_PLATFORM, OWN_PLATFORM]

  app.get<{ Querystring: { saved?: string } }>(QUEUES_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const shown = {
      platforms,
      figures: await selectQueueFigures(db),
      pauses: await selectPauses(db),
      leases: await selectLeases(db, LEASES),
      rates: await selectRates(db),
      canaries: await selectCanaries(db),
    }
    const note = saved(SAVED, request.query.saved, (word) => sayQueue(view, word))
    return sendPage(reply, view, QUEUES_MENU.text[view.language], html`${note}${queuesBody(view, shown)}`)
  })

  app.post('/console/queues', route, async (request, reply) => {
    const view = viewOf(request)
    if (!Value.Check(Order, request.body)) throw new TitianError('bad-request')
    const { platform, stage, wish } = request.body
    if (!platforms.includes(platform)) throw new TitianError('bad-request', 'no platform has this name')
    const order = { platform, stage, actor: request.caller.client }
    if (wish === 'resume') {
      if (await resumeStage(db, order)) await dispatch(platform).catch(() => undefined)
    } else {
      if (wish === 'drain' && stagesBefore(stage).length === 0)
        throw new TitianError('bad-request', 'nothing comes before this stage: pause it instead')
      await pauseStage(db, order, wish)
    }
    return reply.redirect(pathTo(view, QUEUES_MENU.path, { saved: wish }), 303)
  })
}
