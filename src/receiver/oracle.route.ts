import { hash, timingSafeEqual } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import { countHoldings, journalsAfter, subjectsAfter } from './delivery.sql.ts'
import { decodeJournal } from './journal.ts'
import { isMode, type Misbehaviour } from './misbehave.ts'
import { problem } from './problem.http.ts'
import { toyResult } from './toy-results.ts'

export type OracleOptions = {
  db: Pool
  /** What the bearer of must know to read the journal. */
  token: string
  /** Undefined: the stand-in takes no orders to fail. */
  misbehaviour: Misbehaviour | undefined
}

const DELIVERIES_AT_ONCE = 4
const SUBJECTS_AT_ONCE = 1000
const MOST_TIMES = 1_000_000

/** What a checker outside asks: every effect that was applied, the sums, toy results of all subjects, and, in tests, to fail on command. */
export function oracleRoutes(app: FastifyInstance, { db, token, misbehaviour }: OracleOptions): void {
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    if (isBearer(request.headers.authorization, token)) return undefined
    return problem(reply.header('www-authenticate', 'Bearer'), 401, 'token-invalid')
  }

  app.get('/v1/counts', { onRequest }, async () => countHoldings(db))

  app.get('/v1/journal', { onRequest }, async (_request, reply) =>
    reply.type('application/x-ndjson').send(Readable.from(journalLines(db))),
  )

  app.get('/v1/results', { onRequest }, async (_request, reply) =>
    reply.type('application/x-ndjson').send(Readable.from(resultLines(db))),
  )

  if (misbehaviour === undefined) return
  app.post<{ Body: { mode?: unknown; times?: unknown } | undefined }>(
    '/misbehave',
    { onRequest },
    async ({ body }, reply) => {
      const { mode, times = 1 } = body ?? {}
      if (typeof mode !== 'string' || !isMode(mode)) return problem(reply, 400, 'mode-unknown')
      if (typeof times !== 'number' || !Number.isInteger(times) || times < 0 || times > MOST_TIMES)
        return problem(reply, 400, 'times-invalid')
      misbehaviour.order(mode, times)
      return { mode, times }
    },
  )
}

async function* resultLines(db: Pool): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const subjects = await subjectsAfter(db, after, SUBJECTS_AT_ONCE)
    after = subjects.at(-1)?.id ?? after
    if (subjects.length > 0) yield subjects.map((subject) => `${JSON.stringify(toyResult(subject))}\n`).join('')
    if (subjects.length < SUBJECTS_AT_ONCE) return
  }
}

async function* journalLines(db: Pool): AsyncGenerator<string> {
  for (let after = '0'; ; ) {
    const journals = await journalsAfter(db, after, DELIVERIES_AT_ONCE)
    for (const { seq, id, journal } of journals) {
      after = seq
      const lines = decodeJournal(journal).map((line) => JSON.stringify({ delivery: id, ...line }))
      if (lines.length > 0) yield `${lines.join('\n')}\n`
    }
    if (journals.length < DELIVERIES_AT_ONCE) return
  }
}

function isBearer(header: string | undefined, token: string): boolean {
  const given = /^bearer (.+)$/i.exec(header ?? '')?.[1]
  return given !== undefined && timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token, 'buffer'))
}
