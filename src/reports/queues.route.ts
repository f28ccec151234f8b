import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { problems } from '../io/http/openapi.ts'
import type { Queue } from '../io/queue.ts'

/** `GET /v1/queues`: how many notices of chunks wait in which queue. */
export async function queueRoutes(app: FastifyInstance, { queue }: { queue: Pick<Queue, 'boards'> }): Promise<void> {
  app.get('/v1/queues', { config: { scope: 'ops' }, schema: SCHEMA }, async () => ({
    queues: await Promise.all(
      queue.boards().map(async (board) => ({
        name: board.getName(),
        paused: await board.isPaused(),
        counts: await board.getJobCounts(),
      })),
    ),
  }))
}

const QueueCounts = Type.Object(
  {
    name: Type.String({ description: 'Stage and lane' }),
    paused: Type.Boolean(),
    counts: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: 'Notices by the state of BullMQ' }),
  },
  { additionalProperties: false },
)

const SCHEMA = {
  operationId: 'listQueues',
  tags: ['ops'],
  summary: 'How many notices wait in which queue',
  description: 'A queue holds notices of chunks only: what is left to do, the batches say.',
  response: {
    200: Type.Object({ queues: Type.Array(QueueCounts) }, { additionalProperties: false }),
    ...problems(),
  },
}
