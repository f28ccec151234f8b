import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { TitianError } from '../../../domain/error.ts'
import { writeFault } from './health.db.ts'

const OPEN = { public: 'says nothing but alive or ready' }

/**
 * `/livez`: this process turns its event loop, and nothing of what it has in hand is stuck. `/readyz`: that, and PostgreSQL takes
 * writes; not Redis, an upload can do without.
 */
export async function healthRoutes(
  app: FastifyInstance,
  { db, stuck }: { db: pg.Pool; stuck: () => string | undefined },
): Promise<void> {
  const refuseStuck = () => {
    const why = stuck()
    if (why !== undefined) throw new TitianError('unavailable', why, { retryAfterSeconds: 5 })
  }
  app.get('/livez', { schema: { hide: true }, config: OPEN }, async () => {
    refuseStuck()
    return { alive: true }
  })
  app.get('/readyz', { schema: { hide: true }, config: OPEN }, async () => {
    refuseStuck()
    const fault = await writeFault(db)
    if (fault !== undefined) throw new TitianError('unavailable', fault, { retryAfterSeconds: 5 })
    return { ready: true }
  })
}
