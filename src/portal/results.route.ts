import type { FastifyInstance } from 'fastify'
import { ownPlatformOf } from '../trust/access/caller.ts'
import type { Scope } from '../trust/access/scopes.ts'
import { sendPage } from '../web/view.http.ts'
import { download } from './batch.route.ts'
import { datasetsOf } from './datasets.ts'
import { askApi, bodyText, problemIn, readApi } from './own-api.http.ts'
import { type ListedResult, resultsBody } from './pages/results.ts'
import { PORTAL, portalView } from './portal-view.http.ts'
import type { SendRouteOptions } from './send.route.ts'
import { wordOf } from './words.ts'

const SHOWN = 50

type Listed = { programmes: { name: string; title: { id: string; en: string }; in_force: boolean }[] }

/** What BPS says of a platform's records, and candidates for programmes. */
export async function resultPages(app: FastifyInstance, options: SendRouteOptions): Promise<void> {
  const { registry, clock } = options
  const schema = { hide: true }

  app.get(
    `${PORTAL}/results`,
    { config: { scope: ['batches:read', 'results:read', 'candidates:read'], session: true }, schema },
    async (request, reply) => {
      const view = portalView(request)
      const asked = { request, view }
      const may = (scope: Scope) => request.caller.scopes.includes(scope)
      const programmes = may('candidates:read')
        ? (await readApi<Listed>(app, options, asked, { url: '/v1/programmes' })).programmes
            .filter((one) => one.in_force)
            .map(({ name, title }) => ({ code: name, title: title[view.language] }))
        : undefined
      const datasets = datasetsOf(registry, ownPlatformOf(request.caller), clock())
      const results = may('results:read') ? await firstResults() : undefined
      return sendPage(reply, view, wordOf(view, 'results'), resultsBody(view, { results, datasets, programmes }))

      async function firstResults(): Promise<ListedResult[]> {
        const url = `/v1/results?limit=${SHOWN}`
        const answer = await askApi(app, options, asked, { url, headers: { accept: 'application/x-ndjson' } })
        if (answer.status >= 400) throw await problemIn(answer)
        const lines = (await bodyText(answer)).split('\n').filter(Boolean)
        return lines.map((line) => JSON.parse(line) as ListedResult)
      }
    },
  )

  app.get<{ Params: { dataset: string } }>(
    `${PORTAL}/results/:dataset`,
    { config: { scope: 'results:read', session: true }, schema },
    async (request, reply) => {
      const dataset = encodeURIComponent(request.params.dataset)
      const isTable = registry.datasets.get(request.params.dataset)?.format.kind === 'csv'
      const type = isTable ? 'text/csv' : 'application/x-ndjson'
      return download(
        app,
        options,
        { request, reply },
        { url: `/v1/results?dataset=${dataset}`, name: `hasil-${dataset}`, type },
      )
    },
  )

  app.get<{ Params: { programme: string } }>(
    `${PORTAL}/candidates/:programme`,
    { config: { scope: 'candidates:read', session: true }, schema },
    async (request, reply) => {
      const programme = encodeURIComponent(request.params.programme)
      const url = `/v1/programmes/${programme}/candidates`
      return download(app, options, { request, reply }, { url, name: `calon-${programme}` })
    },
  )
}
