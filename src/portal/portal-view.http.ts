import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemOf, toTitianError } from '../io/http/problem.ts'
import { html } from '../web/html.ts'
import { link, pathTo, type View } from '../web/page.ts'
import { sendPage, strangerView } from '../web/view.http.ts'
import { wordOf } from './words.ts'

export const PORTAL = '/portal'

/** How somebody sees the portal who may not have signed in. */
export function guestView(request: FastifyRequest): View {
  return { ...strangerView(request), home: PORTAL }
}

/** How whoever signed in sees it. */
export function portalView(request: FastifyRequest): View {
  const view = guestView(request)
  const sections = [
    { path: PORTAL, word: { text: wordOf(view, 'send') } },
    { path: `${PORTAL}/results`, word: { text: wordOf(view, 'results') } },
  ]
  return { ...view, who: request.caller.client, sections }
}

/** A problem as a page; who has not signed in is led to where it is done. */
export function answerPortal(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toTitianError(thrown)
  const view = guestView(request)
  if (error.code === 'token-missing' || error.code === 'token-invalid') {
    // A script cannot follow to a page of another kind: it is told, and reloads.
    if (request.headers['tus-resumable'] !== undefined) throw error
    return reply.removeHeader('www-authenticate').redirect(pathTo(view, `${PORTAL}/sign-in`), 303)
  }
  const problem = problemOf(error, view.language, request.id, view.basePath)
  if (problem.status >= 500 || request.headers['tus-resumable'] !== undefined) throw error
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  const title = error.code === 'scope-missing' ? wordOf(view, 'notAllowed') : problem.title
  const body = html`<p class="note bad" role="alert">${title}</p>
${problem.detail === undefined ? undefined : html`<p class="small" lang="en">${problem.detail}</p>`}
<p class="quiet small">${problem.instance ?? ''}</p>
<p><a href="${link(view, PORTAL)}">${wordOf(view, 'back')}</a></p>`
  return sendPage(reply.code(problem.status), view, wordOf(view, 'trouble'), body)
}
