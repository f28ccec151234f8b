import { createBullBoard } from '@bull-board/api'
import { FastifyAdapter } from '@bull-board/fastify'
import type { FastifyInstance } from 'fastify'
import type { Queue } from '../../../io/queue.ts'
import { answerPage } from '../../answer-page.http.ts'

/** Where the board of jobs lies; its access (ops, who signed in) is named where the app is built. */
export const BOARD_PATH = '/console/queues/jobs'

const FOREIGN_FONTS = /<link href="https:\/\/[^"]*" rel="stylesheet">/g
const BOARD_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; frame-ancestors 'none'"

/** Bull Board over the queues, to look at only: what a chunk does next is decided in the database, not in its job. */
export async function queueBoard(app: FastifyInstance, { queue }: { queue: Pick<Queue, 'boards'> }): Promise<void> {
  app.setErrorHandler(answerPage)
  const serverAdapter = new FastifyAdapter()
  serverAdapter.setBasePath(app.basePath + BOARD_PATH)
  createBullBoard({ queues: queue.boards(), serverAdapter, options: { uiConfig: { boardTitle: 'Titian' } } })
  // Its own handler answers 500 for everything, a missing token too; ours is the one outside.
  serverAdapter.setErrorHandler((error) => {
    throw error
  })
  // Its page asks for fonts of another host, and has no setting against it.
  app.addHook('onSend', async (_request, reply, payload) => {
    if (!String(reply.getHeader('content-type')).startsWith('text/html') || typeof payload !== 'string') return payload
    void reply.header('content-security-policy', BOARD_POLICY)
    return payload.replace(FOREIGN_FONTS, '')
  })
  await app.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH })
}
