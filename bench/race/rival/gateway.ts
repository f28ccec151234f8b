// The rival's gateway: takes NDJSON and makes a job of each line. It answers 202 when the queue holds all of them.
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import fastify from 'fastify'
import { type FamilyJob, openJobs } from './queue.ts'

const BULK = 1000

const [databaseUrl = '', redisUrl] = process.argv.slice(2)
const jobs = openJobs({ databaseUrl, redisUrl })
const app = fastify()
app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload))
app.post<{ Params: { batch: string }; Body: Readable }>('/batches/:batch', async ({ params, body }, reply) => {
  let bulk: FamilyJob[] = []
  let line = 0
  for await (const text of createInterface({ input: body })) {
    line += 1
    if (bulk.push({ batch: params.batch, line, text }) < BULK) continue
    await jobs.add(bulk)
    bulk = []
  }
  if (bulk.length > 0) await jobs.add(bulk)
  return reply.code(202).send({ received: line })
})
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })
process.once('SIGTERM', async () => {
  await app.close()
  await jobs.close()
  process.exit()
})
