import type { FastifyRequest } from 'fastify'
import type { View } from '../web/page.ts'
import { strangerView } from '../web/view.http.ts'
import { menuOf } from './menu.ts'

/** How the caller of a page sees it: `?lang=` before the browser's languages, and only the sections they may enter. */
export function viewOf(request: FastifyRequest): View {
  const { client, scopes } = request.caller
  const view = strangerView(request)
  return { ...view, who: client, sections: menuOf(view, scopes) }
}
