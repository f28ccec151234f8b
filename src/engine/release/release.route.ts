import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { FindingText } from '../../domain/finding.ts'
import type { BatchId } from '../../domain/ids.ts'
import type { Platform } from '../../domain/platform.ts'
import { json, problems, ref } from '../../io/http/openapi.ts'
import { platformOf } from '../../trust/access/caller.ts'
import { requireFlow } from '../../trust/agreements/agreement.ts'
import { openReason } from '../../trust/keys/reason.ts'
import { BatchPath, Release, ReleaseList, ReleaseWish } from '../batch-shapes.ts'
import { viewBatch } from '../batch-view.sql.ts'
import { type ReleaseDeps, releaseBatch } from './release.db.ts'
import { selectReleases } from './release.sql.ts'
import { orderOf, readWish } from './wish.ts'

export type ReleaseRouteOptions = ReleaseDeps & {
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
  platforms: ReadonlyMap<string, Platform>
  clock: () => Date
  /** What every code of a finding means. */
  findings: Readonly<Record<string, FindingText>>
}

const RELEASE_MILLISECONDS = 600_000
const MOST_LISTED = 100

/** `POST /v1/batches/{id}/release`: what a batch holds back is worked again. `GET /v1/batches/{id}/releases`: who ordered it, and why. */
export async function releaseRoutes(app: FastifyInstance, options: ReleaseRouteOptions): Promise<void> {
  const { db, vault, dispatch, findings, platforms, clock } = options
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  typed.get(
    '/v1/batches/:id/releases',
    { config: { scope: ['ops', 'steward'] }, schema: LIST },
    async ({ params, caller }) => {
      if ((await viewBatch(db, params.id, platformOf(caller))) === undefined) throw new TitianError('not-found')
      const releases = await selectReleases(db, params.id, MOST_LISTED)
      return {
        releases: releases.map(({ at, actor, codes, reason, released }) => {
          return {
            at: at.toISOString(),
            by: actor,
            codes: codes && [...codes],
            reason: reason && openReason(vault, reason),
            released,
          }
        }),
      }
    },
  )
  typed.post(
    '/v1/batches/:id/release',
    { config: { scope: ['ops', 'steward'] }, handlerTimeout: RELEASE_MILLISECONDS, schema: RELEASE },
    async (request, reply) => {
      const { id } = request.params
      const wish = readWish(request.body, findings)
      const before = await viewBatch(db, id, platformOf(request.caller))
      if (before === undefined) throw new TitianError('not-found')
      requireFlow(platforms, before.platform, clock())
      const done = await releaseBatch(
        options,
        orderOf(vault, wish, { batch: id as BatchId, actor: request.caller.client }),
      )
      if (done.released > 0)
        dispatch(before.platform).catch((error: unknown) =>
          request.log.warn({ batch: id, err: error }, 'not dispatched'),
        )
      const batch = (await viewBatch(db, id, null)) ?? before
      return reply.code(done.released > 0 ? 202 : 200).send({ ...done, batch })
    },
  )
}

const LIST = {
  operationId: 'listReleases',
  tags: ['batches'],
  summary: 'Who released held entries of a batch, and why',
  description: 'Who released held entries of this batch, when, which findings were named, and why.',
  params: BatchPath,
  response: { 200: ref(ReleaseList), ...problems('not-found') },
}

const RELEASE = {
  operationId: 'releaseBatch',
  tags: ['batches'],
  summary: 'Work the held entries of a batch again',
  description:
    'After a rule or a code list was mended: only the held entries start over, in the order they were received, under the current ' +
    'version of the dataset. They are pending until their new outcome is known; what a newer batch has said stays. Without a body ' +
    'all are released that a mended rule or list may answer. Entries that wait for the word of a person (`key-reused`) stay held ' +
    'until that code is named, with a reason.',
  params: BatchPath,
  body: Type.Union([ref(ReleaseWish), Type.Null()]),
  response: {
    200: { description: 'Nothing was held', ...json(ref(Release)) },
    202: { description: 'The held entries are under way', ...json(ref(Release)) },
    ...problems('bad-request', 'not-found', 'agreement-not-in-force'),
  },
}
