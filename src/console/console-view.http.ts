import type { FastifyRequest } from 'fastify'
import type { View } from '../web/page.ts'
import { strangerView } from '../web/view.http.ts'
import { menuOf } from './menu.ts'
import { SIGN_OUT_PATH } from './pages/sign-in/words.ts'

/** How the caller of a page sees it: `?lang=` before the browser's languages, and only the sections they may enter. */
export function viewOf(request: FastifyRequest): View {
  const { client, person } = request.caller
  const view = strangerView(request)
  // Where the console has a listener of its own, the documents are on the other one.
  const isThere = (path: string) => path !== '/docs' || request.server.hasRoute({ method: 'GET', url: path })
  const sections = menuOf(view, request.caller).filter(({ path }) => isThere(path))
  return { ...view, who: person?.name ?? client, by: client, sections, signOut: SIGN_OUT_PATH }
}
