import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import type { FindingText } from '../domain/finding.ts'
import { findingTitle } from '../domain/finding.ts'
import { Batch, CheckReport } from '../engine/batch-shapes.ts'
import type { Cleaner } from '../engine/cleaner.ts'
import { judgeFile } from '../engine/signs/judge-file.ts'
import { fileFindingsIn } from '../engine/signs/shape.ts'
import { readLastCount } from '../engine/signs/signs.sql.ts'
import { takeBody } from '../io/http/body.ts'
import { speakTo } from '../io/http/language.ts'
import { json, problems, ref } from '../io/http/openapi.ts'
import { agreementName, type IntakeRegistry } from '../trust/agreements/agreement.ts'
import { checkEntries } from './dry-run.ts'
import { XLSX_TYPE } from './formats/sniff.ts'
import { type IncomingLimits, type IncomingUpload, openIncoming } from './incoming.http.ts'
import { type KeepOptions, keepUpload } from './keep.http.ts'
import { UPLOAD_HEADERS, UPLOAD_PROBLEMS } from './upload-shapes.ts'
import { SHEET_QUERY, type SheetQuery } from './workbook/choice.ts'

export type BatchRouteOptions = KeepOptions & {
  registry: IntakeRegistry
  /** Cleans the entries of a check, away from the event loop. */
  cleaner: Pick<Cleaner, 'cleanEntries'>
  findings: Readonly<Record<string, FindingText>>
  limits: IncomingLimits & KeepOptions['limits']
  clock: () => Date
}

/** What a push asks for; `partial` when it asks for nothing. */
type PushMode = 'check' | 'snapshot' | 'strict' | 'partial'
type Query = SheetQuery & { mode?: PushMode }

const MAX_FINDINGS = 1000
const UPLOAD_MILLISECONDS = 3_600_000

/** Where platforms push: `POST /v1/datasets/{dataset}/batches`. */
export async function batchRoutes(app: FastifyInstance, options: BatchRouteOptions): Promise<void> {
  const { registry, limits, findings, clock } = options

  // The body stays a stream whatever it is; what its type must be depends on the dataset.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: FastifyRequest, payload: unknown) => payload)

  app.post<{ Params: { dataset: string }; Querystring: Query }>(
    '/v1/datasets/:dataset/batches',
    { config: { scope: 'batches:write', streams: true }, handlerTimeout: UPLOAD_MILLISECONDS, schema: SUBMIT },
    async (request, reply) => {
      const incoming = openIncoming(request, request.params.dataset, {
        ...{ registry, limits },
        now: clock(),
        choice: request.query,
      })
      try {
        return request.query.mode === 'check'
          ? await check(request, reply, incoming)
          : await keep(request, reply, incoming)
      } catch (error) {
        // What is left of the body is let through, so that the client, still sending, gets to read the answer.
        request.raw.resume()
        throw error
      }
    },
  )

  async function check(request: FastifyRequest, reply: FastifyReply, incoming: IncomingUpload) {
    const { platform, dataset } = incoming
    takeBody(request, reply)
    const rules = {
      dataset: `${dataset.name}@${dataset.version}`,
      platform: platform.name,
      agreement: agreementName(platform.agreement),
    }
    const clean = (entries: readonly RawEntry[]) => options.cleaner.cleanEntries(rules, entries)
    const { result, signs } = await checkEntries(incoming.entries(), clean, MAX_FINDINGS)
    const { form } = incoming.finish()
    if (result.received === 0) throw new TitianError('body-empty')
    const language = speakTo(request, reply)
    const before = await readLastCount(options.db, platform.name, dataset.name)
    return reply.send({
      dataset: dataset.name,
      dataset_version: dataset.version,
      form: form ?? null,
      ...result,
      findings: result.findings.map((finding) => ({
        ...finding,
        title: findingTitle(findings, finding.code, language),
      })),
      file: fileFindingsIn(judgeFile(signs, { platform, before }), language),
    })
  }

  function keep(request: FastifyRequest<{ Querystring: Query }>, reply: FastifyReply, incoming: IncomingUpload) {
    const { platform, dataset } = incoming
    const batch = {
      kind: 'push' as const,
      platform: platform.name,
      dataset: dataset.name,
      datasetVersion: dataset.version,
      agreement: agreementName(platform.agreement),
      isSnapshot: request.query.mode === 'snapshot',
      mode: request.query.mode === 'strict' ? ('strict' as const) : ('partial' as const),
    }
    return keepUpload(request, reply, incoming, batch, options)
  }
}

const SUBMIT = {
  operationId: 'submitBatch',
  tags: ['batches'],
  summary: 'Push a batch',
  description: [
    'The body streams; every record becomes one entry with one outcome. `202` is only answered when everything is stored.',
    'The same Idempotency-Key and body give the same batch in its present state (`200`).',
    'With `mode=check` the same rules run, the findings are answered, and nothing is stored; no Idempotency-Key is needed.',
    'With `mode=strict` one rejected or held entry refuses the whole batch: every entry is rejected and nothing is delivered.',
    'With `mode=snapshot` the body states the whole of the dataset: once all is linked, records that it does not hold are withdrawn.',
    'A snapshot from which too much is absent is held (`snapshot` of the batch); pushes that follow wait until it is concluded or held.',
  ].join('\n'),
  consumes: ['application/x-ndjson', 'application/json', 'text/csv', XLSX_TYPE],
  params: Type.Object({ dataset: Type.String({ examples: ['carik'] }) }, { additionalProperties: false }),
  querystring: Type.Object(
    {
      mode: Type.Optional(
        Type.Union([Type.Literal('partial'), Type.Literal('strict'), Type.Literal('check'), Type.Literal('snapshot')], {
          description: '`partial` when not given: what is good counts',
        }),
      ),
      ...SHEET_QUERY,
    },
    { additionalProperties: false },
  ),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({
        description: '1 to 255 visible ASCII characters; required unless `mode=check`',
        examples: ['"8e03978e-40d5"'],
      }),
    ),
    ...UPLOAD_HEADERS,
  }),
  response: {
    200: {
      description: 'The batch that this key already made, or the report of a check',
      ...json(Type.Union([ref(Batch), ref(CheckReport)])),
    },
    202: { description: 'Everything is stored and will be worked', ...json(ref(Batch)) },
    ...problems(
      ...UPLOAD_PROBLEMS,
      'agreement-missing',
      'agreement-not-in-force',
      'dataset-unknown',
      'entries-stuck',
      'strict-too-large',
    ),
  },
}
