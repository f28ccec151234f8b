import type { FastifyRequest } from 'fastify'
import type { View } from '../web/page.ts'
import { strangerView } from '../web/view.http.ts'
import { menuOf } from './menu.ts'
import { SIGN_OUT_PATH } from './pages/sign-in/words.ts'

/** How the caller of a page sees it: `?lang=` before the browser's languages, and only the sections they may enter. */
export function viewOf(request: FastifyRequest): View {
  const { client, person } = request.caller
  const view = strangerView(request)
  const sections = menuOf(view, request.caller)
  return { ...view, who: person?.name ?? client, by: client, sections, signOut: SIGN_OUT_PATH }
}
