import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { within } from '../within.ts'
import { canWrite } from './health.sql.ts'

const OPEN = { public: 'says nothing but alive or ready' }
const DATABASE_MS = 3000

/** `/livez`: this process turns its event loop. `/readyz`: PostgreSQL takes writes; not Redis, an upload can do without. */
export async function healthRoutes(app: FastifyInstance, { db }: { db: pg.Pool }): Promise<void> {
  app.get('/livez', { schema: { hide: true }, config: OPEN }, async () => ({ alive: true }))
  app.get('/readyz', { schema: { hide: true }, config: OPEN }, async () => {
    if (!(await within(DATABASE_MS, canWrite(db)))) {
      throw new TitianError('unavailable', 'PostgreSQL is read-only', { retryAfterSeconds: 5 })
    }
    return { ready: true }
  })
}
