import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import type { FindingText } from '../domain/finding.ts'
import { findingTitle } from '../domain/finding.ts'
import { Batch, CheckReport } from '../engine/batch-shapes.ts'
import { viewBatch } from '../engine/batch-view.sql.ts'
import type { Cleaner } from '../engine/cleaner.ts'
import { takeBody } from '../io/http/body.ts'
import { speakTo } from '../io/http/language.ts'
import { json, problems, ref } from '../io/http/openapi.ts'
import type { IntakeRegistry } from '../trust/agreements/agreement.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { type ChunkLimits, packedChunks } from './chunks.ts'
import { checkEntries } from './dry-run.ts'
import { type IncomingLimits, type IncomingUpload, openIncoming } from './incoming.http.ts'
import { type ReceiveLimits, receiveUpload, reserveUpload } from './receive.db.ts'
import { readIdempotencyKey } from './upload-head.ts'

export type BatchRouteOptions = {
  db: Pool
  vault: Vault
  registry: IntakeRegistry
  /** Cleans the entries of a check, away from the event loop. */
  cleaner: Pick<Cleaner, 'cleanEntries'>
  findings: Readonly<Record<string, FindingText>>
  limits: IncomingLimits & ChunkLimits & ReceiveLimits
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
  crash(point: string): void
  clock: () => Date
}

const MAX_FINDINGS = 1000
const UPLOAD_MILLISECONDS = 3_600_000

/** Where platforms push: `POST /v1/datasets/{dataset}/batches`. */
export async function batchRoutes(app: FastifyInstance, options: BatchRouteOptions): Promise<void> {
  const { db, registry, limits, findings, clock } = options

  // The body stays a stream whatever it is; what its type must be depends on the dataset.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: FastifyRequest, payload: unknown) => payload)

  app.post<{ Params: { dataset: string }; Querystring: { mode?: 'check' | 'snapshot' } }>(
    '/v1/datasets/:dataset/batches',
    { config: { scope: 'batches:write', streams: true }, handlerTimeout: UPLOAD_MILLISECONDS, schema: SUBMIT },
    async (request, reply) => {
      const incoming = openIncoming(request, request.params.dataset, { registry, limits, now: clock() })
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
    const rules = { dataset: `${dataset.name}@${dataset.version}`, platform: platform.name }
    const clean = (entries: readonly RawEntry[]) => options.cleaner.cleanEntries(rules, entries)
    const result = await checkEntries(incoming.entries(), clean, MAX_FINDINGS)
    incoming.finish()
    if (result.received === 0) throw new TitianError('body-empty')
    const language = speakTo(request, reply)
    return reply.send({
      dataset: dataset.name,
      dataset_version: dataset.version,
      ...result,
      findings: result.findings.map((finding) => ({
        ...finding,
        title: findingTitle(findings, finding.code, language),
      })),
    })
  }

  async function keep(
    request: FastifyRequest<{ Querystring: { mode?: 'check' | 'snapshot' } }>,
    reply: FastifyReply,
    incoming: IncomingUpload,
  ) {
    const { platform, dataset } = incoming
    const key = readIdempotencyKey(request.headers['idempotency-key'])
    const head = {
      platform: platform.name,
      dataset: dataset.name,
      datasetVersion: dataset.version,
      agreement: platform.agreement.number,
      key,
      isSnapshot: request.query.mode === 'snapshot',
    }
    const reservation = await reserveUpload(db, head, limits)
    takeBody(request, reply)
    if (reservation.is === 'replay') {
      await incoming.skim()
      const { sha256 } = incoming.finish()
      const { id, payload_sha256, dataset: first, isSnapshot } = reservation.holder
      const isSame = first === dataset.name && isSnapshot === head.isSnapshot && payload_sha256?.equals(sha256) === true
      if (!isSame) throw new TitianError('key-reused')
      return reply
        .code(200)
        .header('idempotency-replayed', 'true')
        .header('location', `/v1/batches/${id}`)
        .send(await shown(id))
    }
    const { id } = reservation
    const started = performance.now()
    const received = await receiveUpload(db, options.vault, {
      id,
      platform: platform.name,
      actor: request.caller.client,
      chunks: packedChunks(incoming.groups(), limits),
      finish: incoming.finish,
      crash: options.crash,
    })
    const ms = Math.round(performance.now() - started)
    request.log.info({ batch: id, platform: platform.name, dataset: dataset.name, entries: received, ms }, 'received')
    options
      .dispatch(platform.name)
      .catch((error: unknown) => request.log.warn({ batch: id, err: error }, 'not dispatched'))
    return reply
      .code(202)
      .header('location', `/v1/batches/${id}`)
      .send(await shown(id))
  }

  async function shown(id: string) {
    const batch = await viewBatch(db, id, null)
    if (batch === undefined) throw new Error(`${id} vanished after its commit`)
    return batch
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
    'With `mode=snapshot` the body states the whole of the dataset: once all is linked, records that it does not hold are withdrawn.',
    'A snapshot from which too much is absent is held (`snapshot` of the batch); pushes that follow wait until it is concluded or held.',
  ].join('\n'),
  consumes: ['application/x-ndjson', 'application/json', 'text/csv'],
  params: Type.Object({ dataset: Type.String({ examples: ['carik'] }) }, { additionalProperties: false }),
  querystring: Type.Object(
    { mode: Type.Optional(Type.Union([Type.Literal('check'), Type.Literal('snapshot')])) },
    { additionalProperties: false },
  ),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({
        description: '1 to 255 visible ASCII characters; required unless `mode=check`',
        examples: ['"8e03978e-40d5"'],
      }),
    ),
    'content-encoding': Type.Optional(
      Type.String({ description: '`gzip` (also called `x-gzip`) or `zstd`', examples: ['gzip'] }),
    ),
    'content-digest': Type.Optional(
      Type.String({ description: 'RFC 9530, over the body as sent: sha-256 or sha-512; not in a trailer' }),
    ),
    'repr-digest': Type.Optional(
      Type.String({ description: 'The same over a body that is sent whole; checked as well' }),
    ),
  }),
  response: {
    200: {
      description: 'The batch that this key already made, or the report of a check',
      ...json(Type.Union([ref(Batch), ref(CheckReport)])),
    },
    202: { description: 'Everything is stored and will be worked', ...json(ref(Batch)) },
    ...problems(
      'bad-request',
      'key-missing',
      'digest-invalid',
      'digest-mismatch',
      'body-empty',
      'body-broken',
      'agreement-missing',
      'dataset-unknown',
      'key-running',
      'body-too-large',
      'body-bomb',
      'type-unsupported',
      'encoding-unsupported',
      'key-reused',
      'body-form',
      'csv-header',
      'entries-stuck',
      'too-many',
    ),
  },
}
