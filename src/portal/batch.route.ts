import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'
import { BATCH_ID } from '../engine/batch-shapes.ts'
import type { BatchView } from '../engine/batch-view.sql.ts'
import { XLSX_TYPE } from '../intake/formats/sniff.ts'
import { GIVEN_BACK, type GivenBack } from '../reports/batch/given-back.ts'
import type { BatchReportView } from '../reports/batch/report-shape.ts'
import { sendPage } from '../web/view.http.ts'
import { askApi, type OwnApi, problemIn, readApi } from './own-api.http.ts'
import { type BatchPage, batchBody, isUnderWay } from './pages/batch.ts'
import { PORTAL, portalView } from './portal-view.http.ts'
import { wordOf } from './words.ts'

const SHOWN = 50
const RELOAD_SECONDS = 3

/** One batch: what became of it, and what can be downloaded of it. */
export async function ownBatchPages(app: FastifyInstance, options: OwnApi): Promise<void> {
  const config = { scope: 'batches:read', session: true } as const
  type Batch = { Params: { id: string; which: string }; Querystring: { form?: string } }

  app.get<Batch>(`${PORTAL}/batches/:id`, { config, schema: { hide: true } }, async (request, reply) => {
    const view = portalView(request)
    const asked = { request, view }
    const path = `/v1/batches/${idOf(request)}`
    const batch = await readApi<BatchView>(app, options, asked, { url: path })
    const read = { batch, causes: [], findings: [] } as { -readonly [name in keyof BatchPage]: BatchPage[name] }
    if (!isUnderWay(batch)) {
      const report = await readApi<BatchReportView>(app, options, asked, { url: `${path}/report` })
      read.causes = report.causes
      // Warnings are many and keep nothing out: the list is of what does.
      for (const severity of ['error', 'hold']) {
        const limit = SHOWN - read.findings.length
        if (limit === 0 || !report.causes.some((cause) => cause.severity === severity)) continue
        const url = `${path}/findings?limit=${limit}&severity=${severity}`
        const { findings } = await readApi<Pick<BatchPage, 'findings'>>(app, options, asked, { url })
        read.findings = [...read.findings, ...findings]
      }
    }
    if (isUnderWay(batch)) void reply.header('refresh', String(RELOAD_SECONDS))
    return sendPage(reply, view, wordOf(view, 'batch'), batchBody(view, read))
  })

  app.get<Batch>(`${PORTAL}/batches/:id/findings`, { config, schema: { hide: true } }, async (request, reply) => {
    const id = idOf(request)
    return download(
      app,
      options,
      { request, reply },
      { url: `/v1/batches/${id}/findings?limit=10000`, name: `temuan-${id}` },
    )
  })

  app.get<Batch>(`${PORTAL}/batches/:id/rows/:which`, { config, schema: { hide: true } }, async (request, reply) => {
    const { which } = request.params
    const id = idOf(request)
    if (!GIVEN_BACK.some((known) => known === which)) throw new TitianError('not-found')
    const asked = {
      url: `/v1/batches/${id}/rows/${which}`,
      name: `${wordOf(portalView(request), `${which as GivenBack}File`)}-${id}`,
    }
    const type = request.query.form === 'xlsx' ? XLSX_TYPE : 'text/csv, application/x-ndjson'
    return download(app, options, { request, reply }, { ...asked, type })
  })
}

/** Hands an answer of the API to a browser as a file, page after page where it has several. */
export async function download(
  app: FastifyInstance,
  options: OwnApi,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { url, name, type = 'text/csv' }: { url: string; name: string; type?: string },
): Promise<FastifyReply> {
  const view = portalView(request)
  const ask = async (at: string) => {
    const answer = await askApi(app, options, { request, view }, { url: at, headers: { accept: type } })
    if (answer.status >= 400) throw await problemIn(answer)
    return answer
  }
  const first = await ask(url)
  const given = String(first.headers['content-type'] ?? type)
  const ending = given === XLSX_TYPE ? 'xlsx' : given.startsWith('text/csv') ? 'csv' : 'ndjson'
  void reply.headers({
    'content-type': given,
    'content-disposition': `attachment; filename="${name}.${ending}"`,
  })
  async function* pages(): AsyncGenerator<Buffer> {
    let at = url
    for (let answer = first; ; answer = await ask(at)) {
      yield* answer === first ? answer.body : behindHeader(answer.body, ending)
      const next = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]?.slice(app.basePath.length)
      if (next === undefined || next === at) return
      at = next
    }
  }
  return reply.send(Readable.from(pages()))
}

/** The titles stand once in a file. */
async function* behindHeader(body: Readable, ending: 'csv' | 'xlsx' | 'ndjson'): AsyncGenerator<Buffer> {
  let isBehind = ending !== 'csv'
  for await (const piece of body as AsyncIterable<Buffer>) {
    if (isBehind) yield piece
    else {
      const end = piece.indexOf('\n')
      isBehind = end >= 0
      if (isBehind) yield piece.subarray(end + 1)
    }
  }
}

function idOf({ params }: { params: unknown }): string {
  const { id } = params as { id: string }
  if (!new RegExp(BATCH_ID).test(id)) throw new TitianError('not-found')
  return id
}
