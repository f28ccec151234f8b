import type { FastifyInstance } from 'fastify'
import { listPeople, type PeopleDeps } from '../../../trust/people/people.db.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { peopleBody } from './people-page.ts'
import { PEOPLE_MENU, PEOPLE_PATH } from './words.ts'

/** Who has an account, for those who look after the gateway and those who look at it. */
export async function peoplePages(app: FastifyInstance, deps: Pick<PeopleDeps, 'db' | 'vault'>): Promise<void> {
  app.get(PEOPLE_PATH, { config: doorTo('people'), schema: { hide: true } }, async (request, reply) => {
    const view = viewOf(request)
    return sendPage(reply, view, PEOPLE_MENU.text[view.language], peopleBody(view, await listPeople(deps)))
  })
}
