import { createBullBoard } from '@bull-board/api'
import { FastifyAdapter } from '@bull-board/fastify'
import type { FastifyInstance } from 'fastify'
import { FOREIGN_PAGE } from '../io/http/docs-page.ts'
import type { Queue } from '../io/queue.ts'

/** Where the queue page lies; its access (scope ops, by browser) is named where the app is built. */
export const QUEUES_PATH = '/console/queues'

/** Bull Board over the queues, to look at only: what a chunk does next is decided in the database, not in its job. */
export async function queueBoard(app: FastifyInstance, { queue }: { queue: Pick<Queue, 'boards'> }): Promise<void> {
  const serverAdapter = new FastifyAdapter()
  serverAdapter.setBasePath(app.basePath + QUEUES_PATH)
  createBullBoard({ queues: queue.boards(), serverAdapter, options: { uiConfig: { boardTitle: 'Titian' } } })
  // Its own handler answers 500 for everything, a missing token too; ours is the one outside.
  serverAdapter.setErrorHandler((error) => {
    throw error
  })
  app.addHook('onSend', async (_request, reply) => {
    // Its page asks another host for letters; it does without.
    void reply.header('content-security-policy', FOREIGN_PAGE)
  })
  await app.register(serverAdapter.registerPlugin(), { prefix: QUEUES_PATH })
}
