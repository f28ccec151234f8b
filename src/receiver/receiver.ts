import fastify, { type FastifyError } from 'fastify'
import { openPool } from '../io/postgres/postgres.ts'
import type { Signer } from '../trust/keys/signing-keys.ts'
import { receiverRoutes } from './delivery.route.ts'
import type { KeySource } from './jwks.client.ts'
import { createMisbehaviour } from './misbehave.ts'
import { oracleRoutes } from './oracle.route.ts'
import { problem } from './problem.http.ts'
import { forgetNonces, prepareSchema } from './schema.sql.ts'

export type StandInOptions = {
  /** A database of the stand-in's own; it makes its tables itself. */
  databaseUrl: string
  host: string
  /** 0 takes any free port. */
  port: number
  /** Scheme and host that others know this side by, when it is not where it listens. */
  origin?: string | undefined
  /** The keys of the gateway whose signatures are believed. */
  keys: KeySource
  /** The key that signs its receipts; undefined: they are not signed, as those of an older receiver. */
  signer?: Signer | undefined
  /** What a reader of the journal and the counts must bear. */
  token: string
  /** Whether `POST /misbehave` is there; never outside tests. */
  misbehave: boolean
  crash: (point: 'receiver:after-commit') => void
}

const CONNECTIONS = 4
const REQUEST_MS = 60_000
const FORGET_MS = 60_000

/** Starts the stand-in for BPS's platform; `close` ends it and its connections. */
export async function startReceiver(options: StandInOptions): Promise<{ url: string; close(): Promise<void> }> {
  const db = openPool(options.databaseUrl, CONNECTIONS)
  const misbehaviour = createMisbehaviour()
  const app = fastify({ requestTimeout: REQUEST_MS, forceCloseConnections: true })
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500
    return problem(reply, status, status < 500 ? 'bad-request' : 'internal')
  })
  app.setNotFoundHandler((_request, reply) => problem(reply, 404, 'not-found'))
  app.get('/health', async () => ({ ok: true }))
  let origin = options.origin ?? ''
  const { keys, signer, crash } = options
  receiverRoutes(app, { db, keys, signer, origin: () => origin, misbehaviour, crash })
  oracleRoutes(app, { db, token: options.token, misbehaviour: options.misbehave ? misbehaviour : undefined })
  const forgetting = setInterval(() => {
    // The next turn comes in a minute; until then a few rows more do no harm.
    forgetNonces(db).catch(() => undefined)
  }, FORGET_MS)
  const close = async () => {
    clearInterval(forgetting)
    await app.close()
    await db.end()
  }
  try {
    await prepareSchema(db)
    const url = await app.listen({ host: options.host, port: options.port })
    origin ||= url
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}
