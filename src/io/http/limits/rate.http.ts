import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TitianError } from '../../../domain/error.ts'
import { createQuota } from './rate.ts'

const WINDOW_SECONDS = 60
const BUSY_RETRY_SECONDS = 2

/**
 * Keeps one client from taking all of a gateway: its requests in a minute are counted in this process, and each answer says how many
 * are left (draft-ietf-httpapi-ratelimit-headers-10). One more is refused with `too-many`; `unavailable` is answered while the
 * gateway has more to do than it can hold. `nameOf` names who is counted; a request of nobody known is not.
 */
export function limitRates(
  app: FastifyInstance,
  {
    quota,
    nameOf,
    isFull,
  }: { quota: number; nameOf: (request: FastifyRequest) => string | undefined; isFull: () => boolean },
): void {
  const take = createQuota(quota, WINDOW_SECONDS)
  const policy = `"requests";q=${quota};w=${WINDOW_SECONDS}`
  app.addHook('onRequest', async (request, reply) => {
    const name = nameOf(request)
    if (name === undefined) return
    const { remaining, resetSeconds, isAllowed } = take(name, performance.now())
    void reply.header('ratelimit-policy', policy).header('ratelimit', `"requests";r=${remaining};t=${resetSeconds}`)
    if (!isAllowed) throw new TitianError('too-many', `${name} asks too often`, { retryAfterSeconds: resetSeconds })
    if (isFull())
      throw new TitianError('unavailable', 'too many wait already', { retryAfterSeconds: BUSY_RETRY_SECONDS })
  })
}
