import type {} from '@fastify/swagger'
import type { FastifyPluginAsync } from 'fastify'
import { ERRORS, type ErrorCode } from '../../domain/error.ts'
import { chooseType } from './accept.ts'

const SHOWN = { public: 'explains an error code, says nothing about anybody' }

/** What each problem code means, as a page for people and as JSON for programs: the address in a problem's `type`. */
export const problemRoutes: FastifyPluginAsync = async (app) => {
  app.get('/problems', { schema: { hide: true }, config: SHOWN }, async () => ({
    problems: Object.entries(ERRORS).map(([code, spec]) => ({ code, ...spec })),
  }))
  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    { schema: { hide: true }, config: SHOWN },
    async (request, reply) => {
      const { code } = request.params
      if (!Object.hasOwn(ERRORS, code)) return reply.callNotFound()
      const spec = ERRORS[code as ErrorCode]
      if (chooseType(request, reply, ['application/json', 'text/html']) === 'application/json') return { code, ...spec }
      return reply
        .type('text/html; charset=utf-8')
        .header('content-language', 'id, en')
        .send(
          `<!doctype html><html lang="id"><meta charset="utf-8"><title>${code}</title>` +
            `<h1><code>${code}</code> (${spec.status})</h1><p lang="id">${spec.id}</p><p lang="en">${spec.en}</p>` +
            `<p>${spec.retry ? 'Boleh dicoba lagi. <span lang="en">May be tried again.</span>' : 'Perbaiki dahulu, lalu kirim lagi. <span lang="en">Mend it first, then send again.</span>'}</p></html>`,
        )
    },
  )
}
