import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../io/observe/metrics.ts'

/** `GET /metrics` for Prometheus, with a token of the ops scope. */
export async function metricsRoutes(
  app: FastifyInstance,
  { metrics }: { metrics: Pick<Metrics, 'page'> },
): Promise<void> {
  app.get('/metrics', { config: { scope: 'ops' }, schema: SCHEMA }, async (_request, reply) => {
    const { type, text } = await metrics.page()
    return reply.type(type).send(text)
  })
}

const SCHEMA = {
  operationId: 'readMetrics',
  tags: ['ops'],
  summary: 'Metrics in the text format of Prometheus',
  description: "For Prometheus: counts and ages only, of no platform's people.",
  response: {
    200: { description: 'All metrics of this process', content: { 'text/plain': { schema: { type: 'string' } } } },
  },
}
