import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import { findingTitle } from '../../../domain/finding.ts'
import { type Released, releaseBatch } from '../../../engine/release/release.db.ts'
import type { ReleaseRouteOptions } from '../../../engine/release/release.route.ts'
import { orderOf, readWish } from '../../../engine/release/wish.ts'
import { howToMend } from '../../../reports/batch/mend.ts'
import type { HeldCause } from '../../../reports/held/held-cause.ts'
import { readHeldCauses } from '../../../reports/held/held-desk.db.ts'
import { requireFlow } from '../../../trust/agreements/agreement.ts'
import { html } from '../../../web/html.ts'
import { count, type View } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { confirmBody, heldBody, type ShownCause } from './held.ts'
import { HELD_MENU, HELD_PATH, sayHeld } from './words.ts'

const LONG_MILLISECONDS = 600_000

const Order = Type.Object(
  {
    step: Type.Enum(['count', 'release']),
    platform: Type.String({ maxLength: 64 }),
    dataset: Type.String({ maxLength: 80 }),
    code: Type.String({ maxLength: 80 }),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)

export type HeldPageOptions = ReleaseRouteOptions & {
  registry: { platforms: ReadonlyMap<string, { contact: string }> }
  clock: () => Date
}

/** The held desk: what is held and why, and a release on a filter, counted before it is ordered. */
export async function heldPages(app: FastifyInstance, options: HeldPageOptions): Promise<void> {
  const { db, vault, findings, registry, clock } = options
  const config = doorTo('held')
  const schema = { hide: true }

  app.get<{ Querystring: { platform?: string; code?: string } }>(
    HELD_PATH,
    { config, schema },
    async (request, reply) => {
      const view = viewOf(request)
      const { platform = '', code = '' } = request.query
      if (platform !== '' && !registry.platforms.has(platform)) throw new TitianError('not-found')
      return sendPage(reply, view, HELD_MENU.text[view.language], await listBody(view, { platform, code }))
    },
  )

  app.post(HELD_PATH, { config, schema, handlerTimeout: LONG_MILLISECONDS }, async (request, reply) => {
    const view = viewOf(request)
    if (!Value.Check(Order, request.body)) throw new TitianError('bad-request')
    const { step, platform, dataset, code, reason } = request.body
    const { causes } = await readHeldCauses(db, { platform, dataset })
    const cause = causes.find((one) => one.code === code)
    const title = HELD_MENU.text[view.language]
    if (cause === undefined || cause.entries === 0)
      return sendPage(
        reply,
        view,
        title,
        html`<p class="note" role="status">${sayHeld(view, 'nothingNow')}</p>${await listBody(view)}`,
      )
    if (step === 'count') return sendPage(reply, view, sayHeld(view, 'confirm'), confirmBody(view, shown(view, cause)))
    const why = reason === undefined || reason.trim() === '' ? undefined : reason
    const done = await releaseAll(cause, request.caller.client, why)
    const gone = done.gone === 0 ? undefined : html` · ${sayHeld(view, 'goneEntries')} ${count(view, done.gone)}`
    const note = html`<p class="note good" role="status">${sayHeld(view, 'released')} ${count(view, done.released)}${gone}</p>`
    return sendPage(reply, view, title, html`${note}${await listBody(view)}`)
  })

  /** Releases what a finding holds, batch after batch, each in a transaction of its own. */
  async function releaseAll(
    { platform, code, batches }: HeldCause,
    actor: string,
    reason: string | undefined,
  ): Promise<Pick<Released, 'released' | 'gone'>> {
    requireFlow(options.platforms, platform, clock())
    const wish = readWish(code === '' ? null : { codes: [code], ...(reason !== undefined && { reason }) }, findings)
    const sum = { released: 0, gone: 0 }
    for (const batch of batches) {
      const { released, gone } = await releaseBatch(options, orderOf(vault, wish, { batch, actor }))
      sum.released += released
      sum.gone += gone
    }
    // The sweeper dispatches what this misses.
    if (sum.released > 0) await options.dispatch(platform).catch(() => undefined)
    return sum
  }

  /** The list, of one platform or one finding where they are named. */
  async function listBody(view: View, filter = { platform: '', code: '' }) {
    const { platform, code } = filter
    const { causes, isAll } = await readHeldCauses(db, { platform: platform === '' ? null : platform, dataset: null })
    const fitting = causes.filter((cause) => code === '' || cause.code === code)
    const platforms = [...registry.platforms.keys()].sort()
    return heldBody(view, {
      ...{ isAll, filter, platforms, now: clock() },
      causes: fitting.map((cause) => shown(view, cause)),
    })
  }

  function shown({ language }: View, cause: HeldCause): ShownCause {
    return {
      ...cause,
      title: findingTitle(findings, cause.code, language),
      mend: howToMend(cause.code, 'hold', language),
      contact: registry.platforms.get(cause.platform)?.contact ?? '–',
      wantsReason: findings[cause.code]?.wantsReason === true,
    }
  }
}
