import type { FastifyInstance } from 'fastify'
import { html } from '../../../web/html.ts'
import { link } from '../../../web/page.ts'
import { sendPage, strangerView } from '../../../web/view.http.ts'
import { sayWelcome } from './words.ts'

const DOORS = [
  ['portal', '/portal'],
  ['console', '/console'],
  ['docs', '/docs'],
] as const

/** `/`: what this is, and where its parts are. */
export async function welcomePage(app: FastifyInstance): Promise<void> {
  const config = { public: 'what this is, and where its parts are' }
  app.get('/', { config, schema: { hide: true } }, async (request, reply) => {
    const view = { ...strangerView(request), home: '/' }
    const doors = DOORS.filter(([, url]) => app.hasRoute({ method: 'GET', url })).map(
      ([name, path]) =>
        html`<li class="sheet"><strong><a href="${link(view, path)}">${sayWelcome(view, name)}</a></strong><span class="quiet">${sayWelcome(view, `${name}Note`)}</span></li>`,
    )
    const body = html`<p class="lead">${sayWelcome(view, 'lead')}</p><ul class="tiles">${doors}</ul>`
    return sendPage(reply, view, sayWelcome(view, 'title'), body)
  })
}
