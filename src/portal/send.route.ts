import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'
import type { BatchView } from '../engine/batch-view.sql.ts'
import { typeOfName } from '../intake/uploads/file-type.ts'
import { answerTus, type TusDeps } from '../intake/uploads/tus.http.ts'
import { readUpload } from '../intake/uploads/upload.sql.ts'
import { viewOfUpload } from '../intake/uploads/upload-view.ts'
import { ownPlatformOf } from '../trust/access/caller.ts'
import { pathTo } from '../web/page.ts'
import { sendPage } from '../web/view.http.ts'
import { requireCsrf } from './csrf.http.ts'
import { datasetsOf, type PortalRegistry } from './datasets.ts'
import { readForm } from './form.http.ts'
import { askApi, bodyText, type OwnApi, problemIn, readApi } from './own-api.http.ts'
import { sendBody } from './pages/send.ts'
import { PORTAL, portalView } from './portal-view.http.ts'
import { wordOf } from './words.ts'

export type SendRouteOptions = OwnApi & TusDeps & { registry: Omit<TusDeps['registry'], 'datasets'> & PortalRegistry }

const UPLOADS = `${PORTAL}/uploads`
const UPLOAD_MILLISECONDS = 3_600_000
const LATEST = 15

type Batches = { batches: BatchView[]; corrections?: { open: number; due_at: string } }

/** The first page, and the two ways to send a file: by a form, and by the script of the page, which resumes. */
export async function sendPages(app: FastifyInstance, options: SendRouteOptions): Promise<void> {
  const { db, registry, limits, clock } = options
  const hidden = { hide: true }
  const reads = { scope: 'batches:read', session: true } as const
  const writes = { scope: 'batches:write', session: true, streams: true } as const

  app.get(PORTAL, { config: reads, schema: hidden }, async (request, reply) => {
    const view = { ...portalView(request), script: '/portal/assets/upload.js' }
    const asked = { request, view }
    const { batches, corrections } = await readApi<Batches>(app, options, asked, {
      url: `/v1/batches?limit=${LATEST}`,
    })
    const datasets = datasetsOf(registry, ownPlatformOf(request.caller), clock())
    const page = { csrf: request.caller.csrf ?? '', key: `portal-${randomUUID()}`, datasets, batches, corrections }
    return sendPage(reply, view, wordOf(view, 'send'), sendBody(view, page))
  })

  const files: FastifyPluginAsync = async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', async (_request: FastifyRequest, payload: unknown) => payload)
    const long = { config: writes, handlerTimeout: UPLOAD_MILLISECONDS, schema: hidden }

    scope.post(`${PORTAL}/files`, long, async (request, reply) => {
      const view = portalView(request)
      try {
        const { fields, name, file } = await readForm(request)
        requireCsrf(request, fields.get('csrf'))
        const type = typeOfName(name)
        if (type === undefined)
          throw new TitianError('type-unsupported', 'the name of the file does not tell what it is')
        const answer = await askApi(
          app,
          options,
          { request, view },
          {
            method: 'POST',
            url: `/v1/datasets/${encodeURIComponent(fields.get('dataset') ?? '')}/batches`,
            headers: {
              'content-type': type.type,
              'idempotency-key': JSON.stringify(fields.get('key') ?? ''),
              ...(type.encoding !== undefined && { 'content-encoding': type.encoding }),
            },
            payload: file,
          },
        )
        if (answer.status >= 400) throw await problemIn(answer)
        const { id } = JSON.parse(await bodyText(answer)) as BatchView
        return await reply.redirect(pathTo(view, `${PORTAL}/batches/${id}`), 303)
      } finally {
        // What is left of the body is let through, so that the browser, still sending, gets to read the answer.
        request.raw.resume()
      }
    })

    scope.route({
      method: ['POST', 'PATCH', 'DELETE', 'HEAD'],
      url: `${UPLOADS}/*`,
      ...long,
      handler: tus,
    })
    scope.post(UPLOADS, long, tus)
    scope.get<{ Params: { '*': string } }>(
      `${UPLOADS}/*`,
      { config: { ...reads, streams: true }, schema: hidden },
      async (request) => {
        const upload = await readUpload(db, request.params['*'], ownPlatformOf(request.caller))
        if (upload === undefined) throw new TitianError('not-found')
        const { language } = portalView(request)
        return viewOfUpload(upload, limits.resumableHours, { language, request: request.id, basePath: app.basePath })
      },
    )
  }
  await app.register(files)

  async function tus(request: FastifyRequest, reply: Parameters<typeof answerTus>[1]) {
    try {
      requireCsrf(request, request.headers['x-csrf-token'])
      const platform = ownPlatformOf(request.caller)
      return await answerTus(request, reply, options, { platform, actor: request.caller.client, path: UPLOADS })
    } catch (error) {
      request.raw.resume()
      throw error
    }
  }
}
