// The rival's receiver: commits each family that is pushed to it, and answers then.
import fastify from 'fastify'
import { openPool } from '../../../src/io/postgres/postgres.ts'

const CONNECTIONS = 20
const PUT = `
  insert into arrival (id, body, at) values ($1, $2, clock_timestamp())
  on conflict (id) do update set body = excluded.body, at = excluded.at`

const [databaseUrl = ''] = process.argv.slice(2)
const db = openPool(databaseUrl, CONNECTIONS)
const app = fastify()
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
app.put<{ Params: { id: string }; Body: string }>('/families/:id', async ({ params, body }, reply) => {
  await db.query({ name: 'put', text: PUT, values: [params.id, body] })
  return reply.code(204).send()
})
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })
process.once('SIGTERM', async () => {
  await app.close()
  await db.end()
  process.exit()
})
