import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TitianError } from '../../domain/error.ts'
import { takeBody } from '../../io/http/body.ts'
import { speakTo } from '../../io/http/language.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import { ownPlatformOf } from '../../trust/access/caller.ts'
import type { TakeDeps } from './take.db.ts'
import { startTaker } from './taker.db.ts'
import { answerTus, type TusDeps } from './tus.http.ts'
import { TUS_ADDED, TUS_BEGIN, TUS_END, TUS_OFFSET, TUS_OPTIONS } from './tus-contract.ts'
import { readUpload } from './upload.sql.ts'
import { ResumableUpload, UploadPath, viewOfUpload } from './upload-view.ts'

export type UploadRouteDeps = TusDeps & Omit<TakeDeps, 'log'> & { limits: TusDeps['limits'] & TakeDeps['limits'] }

const PATH = '/v1/uploads'
const UPLOAD_MILLISECONDS = 3_600_000

/** `/v1/uploads`: uploads that go on at the byte where they broke off, by the tus protocol, and what became of them. */
export async function uploadRoutes(app: FastifyInstance, deps: UploadRouteDeps): Promise<void> {
  const { db, limits } = deps
  const taker = startTaker({ ...deps, log: app.log })
  app.addHook('onClose', () => taker.close())
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: FastifyRequest, payload: unknown) => payload)
  const config = { scope: 'batches:write', streams: true } as const
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  app.route({
    method: 'OPTIONS',
    url: PATH,
    config: { public: 'which version and extensions of tus are spoken' },
    schema: TUS_OPTIONS,
    handler: (request, reply) => answerTus(request, reply, deps, { platform: '', actor: '', path: PATH }),
  })
  app.route({
    method: 'POST',
    url: PATH,
    config,
    handlerTimeout: UPLOAD_MILLISECONDS,
    schema: TUS_BEGIN,
    handler: answer,
  })
  app.route({ method: 'HEAD', url: `${PATH}/:id`, config, schema: TUS_OFFSET, handler: answer })
  app.route({
    method: 'PATCH',
    url: `${PATH}/:id`,
    config,
    handlerTimeout: UPLOAD_MILLISECONDS,
    schema: TUS_ADDED,
    handler: answer,
  })
  app.route({ method: 'DELETE', url: `${PATH}/:id`, config, schema: TUS_END, handler: answer })

  typed.get(
    `${PATH}/:id`,
    { config: { scope: ['batches:write', 'batches:read'] }, schema: SHOW },
    async (request, reply) => {
      const upload = await readUpload(db, request.params.id, ownPlatformOf(request.caller))
      if (upload === undefined) throw new TitianError('not-found')
      const asked = { language: speakTo(request, reply), request: request.id, basePath: app.basePath }
      return viewOfUpload(upload, limits.resumableHours, asked)
    },
  )

  async function answer(request: FastifyRequest, reply: Parameters<typeof answerTus>[1]) {
    const platform = ownPlatformOf(request.caller)
    takeBody(request, reply)
    try {
      return await answerTus(request, reply, deps, { platform, actor: request.caller.client, path: PATH })
    } catch (error) {
      // What is left of the body is let through, so that the client, still sending, gets to read the answer.
      request.raw.resume()
      throw error
    } finally {
      taker.hasten()
    }
  }
}

const SHOW = {
  operationId: 'readUpload',
  tags: ['uploads'],
  summary: 'What became of a resumable upload',
  description: [
    '`whole` when all bytes are here; then the gateway makes a batch of it by itself. `taken` names the batch; `refused` says why there is',
    'none, as a push of the same body would have been answered. It is told for a day after the end.',
  ].join('\n'),
  params: UploadPath,
  response: {
    200: { description: 'The upload as it is now', ...json(ref(ResumableUpload)) },
    ...problems('bad-request', 'not-found'),
  },
}
