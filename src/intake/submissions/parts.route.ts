import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { SubmissionId } from '../../domain/ids.ts'
import { FILE_NAME, SUBMISSION_ID, Submission } from '../../engine/submissions/submission-shapes.ts'
import { viewSubmission } from '../../engine/submissions/submission-view.db.ts'
import { takeBody } from '../../io/http/body.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import type { IntakeRegistry } from '../../trust/agreements/agreement.ts'
import { type IncomingLimits, openIncoming } from '../incoming.http.ts'
import { readIdempotencyKey } from '../upload-head.ts'
import { UPLOAD_HEADERS, UPLOAD_PROBLEMS } from '../upload-shapes.ts'
import { addPart, type PartDeps } from './part.db.ts'

export type PartRouteOptions = PartDeps & {
  registry: IntakeRegistry
  limits: IncomingLimits & PartDeps['limits'] & { submissionHours: number }
  clock: () => Date
}

const UPLOAD_MILLISECONDS = 3_600_000

/** `POST /v1/submissions/{id}/files/{file}`: a file of an open submission, whole or part after part. */
export async function partRoutes(app: FastifyInstance, options: PartRouteOptions): Promise<void> {
  const { db, registry, limits, clock } = options
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: FastifyRequest, payload: unknown) => payload)

  app.post<{ Params: { id: SubmissionId; file: string }; Querystring: { dataset: string } }>(
    '/v1/submissions/:id/files/:file',
    { config: { scope: 'batches:write', streams: true }, handlerTimeout: UPLOAD_MILLISECONDS, schema: ADD },
    async (request, reply) => {
      try {
        const { id: submission, file } = request.params
        const incoming = openIncoming(request, request.query.dataset, { registry, limits, now: clock() })
        const key = readIdempotencyKey(request.headers['idempotency-key'])
        const { platform, dataset } = incoming
        const place = { submission, file, key, platform, dataset }
        const added = await addPart(options, place, incoming, () => takeBody(request, reply))
        const view = await viewSubmission(db, submission, { platform: platform.name, hours: limits.submissionHours })
        if (view === undefined) throw new TitianError('not-found')
        if (added.is === 'replay') void reply.header('idempotency-replayed', 'true')
        return await reply.code(added.is === 'replay' ? 200 : 201).send(view)
      } catch (error) {
        // What is left of the body is let through, so that the client, still sending, gets to read the answer.
        request.raw.resume()
        throw error
      }
    },
  )
}

const ADD = {
  operationId: 'addToSubmission',
  tags: ['submissions'],
  summary: 'Send a file of a submission, or a part of one',
  description: [
    'The first body begins the file, each further one is added behind it: small posts into one open batch. Every part is a body of its',
    'own, a CSV with its header. A part is stored whole or not at all; the same Idempotency-Key and body again change nothing.',
    'Lines of findings go on counting from part to part.',
  ].join('\n'),
  consumes: ['application/x-ndjson', 'application/json', 'text/csv'],
  params: Type.Object(
    {
      id: Type.String({ pattern: SUBMISSION_ID }),
      file: Type.String({ pattern: FILE_NAME, examples: ['anggota.csv'] }),
    },
    { additionalProperties: false },
  ),
  querystring: Type.Object(
    { dataset: Type.String({ description: 'What the file holds', examples: ['dtks-individu'] }) },
    { additionalProperties: false },
  ),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({ description: '1 to 255 visible ASCII characters; required', examples: ['"part-1"'] }),
    ),
    ...UPLOAD_HEADERS,
  }),
  response: {
    200: { description: 'This part was received before', ...json(ref(Submission)) },
    201: { description: 'The part is stored', ...json(ref(Submission)) },
    ...problems(
      ...UPLOAD_PROBLEMS,
      'agreement-missing',
      'agreement-not-in-force',
      'dataset-unknown',
      'not-found',
      'submission-closed',
      'file-differs',
    ),
  },
}
