import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { SubmissionId } from '../../domain/ids.ts'
import type { AbortDeps } from '../../engine/abort/abort.db.ts'
import { FILE_NAME, SUBMISSION_ID, Submission, SubmissionPath } from '../../engine/submissions/submission-shapes.ts'
import { viewSubmission, viewSubmissions } from '../../engine/submissions/submission-view.db.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import { limitOf, limitSchema } from '../../io/http/paging.ts'
import { ownPlatformOf, platformOf } from '../../trust/access/caller.ts'
import { readIdempotencyKey } from '../upload-head.ts'
import { MOST_FILES } from './part.db.ts'
import { abortSubmission, commitSubmission, openSubmission, removeFile } from './submission.db.ts'
import { CommitBody, SubmissionBody, SubmissionPage } from './submission-bodies.ts'

export type SubmissionRouteDeps = AbortDeps & {
  db: Pool
  limits: { submissionHours: number }
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

const ORDER_MILLISECONDS = 600_000
const PAGE = 20
const MOST_PAGE = 50

/** `/v1/submissions`: files that belong together are opened, committed, aborted and followed as one. */
export async function submissionRoutes(app: FastifyInstance, deps: SubmissionRouteDeps): Promise<void> {
  const { db, dispatch, limits } = deps
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const writes = { scope: 'batches:write' } as const
  const reads = { scope: ['batches:read', 'ops', 'steward'] } as const

  async function shown(id: string, platform: string | null) {
    const view = await viewSubmission(db, id, { platform, hours: limits.submissionHours })
    if (view === undefined) throw new TitianError('not-found')
    return view
  }

  typed.post('/v1/submissions', { config: writes, schema: OPEN }, async ({ caller, headers, body }, reply) => {
    const platform = ownPlatformOf(caller)
    const key = readIdempotencyKey(headers['idempotency-key'])
    const replaces = (body?.replaces ?? null) as SubmissionId | null
    const { id, isNew } = await openSubmission(db, { platform, key, replaces })
    void reply.code(isNew ? 201 : 200).header('location', `/v1/submissions/${id}`)
    return shown(id, platform)
  })

  typed.get('/v1/submissions', { config: reads, schema: LIST }, async ({ caller, query }) => {
    const limit = limitOf(query.limit, PAGE, MOST_PAGE)
    const page = { platform: platformOf(caller), after: query.after ?? null, limit: limit + 1 }
    const found = await viewSubmissions(db, page, limits.submissionHours)
    const submissions = found.slice(0, limit)
    return { submissions, next: found.length > limit ? (submissions.at(-1)?.id ?? null) : null }
  })

  typed.get('/v1/submissions/:id', { config: reads, schema: SHOW }, ({ caller, params }) =>
    shown(params.id, platformOf(caller)),
  )

  typed.post(
    '/v1/submissions/:id/commit',
    { config: writes, handlerTimeout: ORDER_MILLISECONDS, schema: COMMIT },
    async ({ caller, params, body, log }, reply) => {
      const platform = ownPlatformOf(caller)
      const id = params.id as SubmissionId
      await commitSubmission(deps, { id, platform, by: caller.client }, body.files)
      dispatch(platform).catch((error: unknown) => log.warn({ submission: id, err: error }, 'not dispatched'))
      void reply.code(202).header('location', `/v1/submissions/${id}`)
      return shown(id, platform)
    },
  )

  typed.post(
    '/v1/submissions/:id/abort',
    { config: writes, handlerTimeout: ORDER_MILLISECONDS, schema: ABORT },
    async ({ caller, params }) => {
      const platform = ownPlatformOf(caller)
      await abortSubmission(deps, { id: params.id as SubmissionId, platform, by: caller.client })
      return shown(params.id, platform)
    },
  )

  typed.delete(
    '/v1/submissions/:id/files/:file',
    { config: writes, schema: REMOVE },
    async ({ caller, params }, reply) => {
      const platform = ownPlatformOf(caller)
      await removeFile(db, { id: params.id as SubmissionId, platform }, params.file)
      return reply.code(204).send(null)
    },
  )
}

const closed = { additionalProperties: false }
const tags = ['submissions']

const OPEN = {
  operationId: 'openSubmission',
  tags,
  summary: 'Open a submission',
  description: [
    `For files that belong together, ${MOST_FILES} at most: send each to its \`files\`, whole or in parts, and commit. Until then nothing is worked.`,
    'With `replaces`, records of an earlier submission that this one does not hold are withdrawn once all of it is linked.',
    'The same Idempotency-Key gives the same submission (`200`).',
  ].join('\n'),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({ description: '1 to 255 visible ASCII characters; required', examples: ['"2026-09"'] }),
    ),
  }),
  body: Type.Union([ref(SubmissionBody), Type.Null()]),
  response: {
    200: { description: 'The submission that this key opened before', ...json(ref(Submission)) },
    201: { description: 'It is open', ...json(ref(Submission)) },
    ...problems('bad-request', 'key-missing', 'key-reused', 'not-found', 'submission-open', 'too-many'),
  },
}

const LIST = {
  operationId: 'listSubmissions',
  tags,
  summary: 'Submissions, the newest first',
  description: 'Those of the platform of the caller; the ops team and stewards see all.',
  querystring: Type.Object(
    {
      after: Type.Optional(Type.String({ pattern: SUBMISSION_ID, description: '`next` of the page before' })),
      limit: Type.Optional(limitSchema(PAGE, MOST_PAGE)),
    },
    closed,
  ),
  response: { 200: ref(SubmissionPage), ...problems('bad-request') },
}

const SHOW = {
  operationId: 'readSubmission',
  tags,
  summary: 'One submission: its files, how far each is, and all counts together',
  description: 'It is `settled` when every file is. Findings are asked of the batch of each file.',
  params: SubmissionPath,
  response: { 200: ref(Submission), ...problems('not-found') },
}

const COMMIT = {
  operationId: 'commitSubmission',
  tags,
  summary: 'Commit a submission',
  description: [
    'All its files are received in one step, in the order in which they were begun, or none is. The files are named, so that one that',
    'was lost on the way is noticed: `errors` of `submission-differs` points at what is missing. Asked again, the answer is the same.',
  ].join('\n'),
  params: SubmissionPath,
  body: ref(CommitBody),
  response: {
    202: { description: 'Everything is stored and will be worked', ...json(ref(Submission)) },
    ...problems('bad-request', 'not-found', 'submission-closed', 'submission-differs', 'key-running'),
  },
}

const ABORT = {
  operationId: 'abortSubmission',
  tags,
  summary: 'Abort a submission',
  description: [
    'One that is open ends with all its files. Of one that is committed, what is not linked yet is rejected with the finding',
    '`batch-aborted`; what is linked stays, and can be withdrawn.',
  ].join('\n'),
  params: SubmissionPath,
  response: {
    200: ref(Submission),
    ...problems('bad-request', 'not-found', 'batch-linked', 'key-running', 'type-unsupported'),
  },
}

const REMOVE = {
  operationId: 'removeSubmissionFile',
  tags,
  summary: 'Take a file out of an open submission',
  description: 'With all its parts; it can be sent anew.',
  params: Type.Object(
    { id: Type.String({ pattern: SUBMISSION_ID }), file: Type.String({ pattern: FILE_NAME }) },
    closed,
  ),
  response: {
    204: Type.Null({ description: 'It is gone' }),
    ...problems('bad-request', 'not-found', 'submission-closed', 'type-unsupported'),
  },
}
