import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageOf } from '../io/http/language.ts'
import type { Html } from './html.ts'
import { menuOfPage } from './nav.ts'
import { POLICY, page, SCRIPT_POLICY, type View } from './page.ts'

/** How somebody sees a page who may not be known: `?lang=` before the browser's languages. */
export function strangerView(request: FastifyRequest): View {
  // What was saved is told once.
  const { lang, saved: _, ...query } = request.query as Record<string, string>
  const chosen = lang === 'id' || lang === 'en' ? lang : undefined
  return {
    language: chosen ?? languageOf(request.headers['accept-language']),
    isChosen: chosen !== undefined,
    query,
    basePath: request.server.basePath,
    path: request.url.split('?')[0] ?? '/console',
    who: undefined,
    sections: [],
  }
}

/** Sends a page that is kept nowhere. */
export function sendPage(reply: FastifyReply, view: View, title: string, body: Html): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-language': view.language,
      'content-security-policy': view.script === undefined ? POLICY : SCRIPT_POLICY,
      // Without any referrer a browser hides the origin of our own forms too, and they could not be told from foreign ones.
      'referrer-policy': 'same-origin',
      vary: 'accept-language, cookie',
    })
    .send(page(view, menuOfPage(view), title, body))
}
