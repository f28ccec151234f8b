import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageOf } from '../io/http/language.ts'
import type { Scope } from '../trust/access/scopes.ts'
import type { Html } from './html.ts'
import { POLICY, page, SCRIPT_POLICY, type Section, type View } from './page.ts'

const SECTIONS: readonly (Section & { scopes: readonly Scope[] })[] = [
  { path: '/console', word: 'home', scopes: ['ops', 'steward'] },
  { path: '/console/reviews', word: 'reviews', scopes: ['steward'] },
  { path: '/console/reconciliation', word: 'reconciliation', scopes: ['steward'] },
  { path: '/console/webhooks', word: 'webhooks', scopes: ['ops'] },
  { path: '/console/queues', word: 'queues', scopes: ['ops'] },
  { path: '/docs', word: 'docs', scopes: ['ops'] },
]

/** How the caller of a page sees it: `?lang=` before the browser's languages, and only the sections they may enter. */
export function viewOf(request: FastifyRequest): View {
  const { client, scopes } = request.caller
  const sections = SECTIONS.filter((section) => section.scopes.some((scope) => scopes.includes(scope)))
  return { ...strangerView(request), who: client, sections }
}

/** The same for somebody who may not be known. */
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
      vary: 'accept-language, authorization',
    })
    .send(page(view, title, body))
}
