import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemOf, toTitianError } from '../io/http/problem.ts'
import { html } from '../web/html.ts'
import { link, pathTo, say } from '../web/page.ts'
import { sendPage, strangerView } from '../web/view.http.ts'
import { nextOf } from './pages/sign-in/next.ts'
import { SIGN_IN_PATH } from './pages/sign-in/words.ts'

/** A problem as a page; who has not signed in is led to where it is done. */
export function answerPage(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toTitianError(thrown)
  const view = strangerView(request)
  // A script that asks by itself cannot follow to a page.
  if (error.code === 'token-missing' && /text\/html/.test(request.headers.accept ?? '')) {
    const next = request.method === 'GET' ? nextOf(request.url.split('?')[0]) : {}
    return reply.removeHeader('www-authenticate').redirect(pathTo(view, SIGN_IN_PATH, next), 303)
  }
  const problem = problemOf(error, view.language, request.id, view.basePath)
  if (problem.status >= 500) throw error
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  const body = html`<p>${problem.title} (${problem.status})</p>
<p class="quiet small">${problem.instance ?? ''}</p>
<p><a href="${link(view, '/console')}">${say(view, 'back')}</a></p>`
  return sendPage(reply.code(problem.status), view, say(view, 'trouble'), body)
}
