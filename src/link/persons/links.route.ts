import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { PersonId } from '../../domain/ids.ts'
import { PLATFORM_NAME } from '../../domain/platform.ts'
import { findOpenBatch, OWN_PLATFORM } from '../../engine/own-batch.sql.ts'
import { problems, ref } from '../../io/http/openapi.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { countPersonRecords, personRecordsAfter } from '../subjects/source.sql.ts'
import { explainRecords } from './explanations.db.ts'
import { ExplainRequest, Explanations, Judging, type RecordReference } from './link-shapes.ts'
import { readReferred } from './reference.db.ts'
import { openRelink } from './relink.db.ts'
import { restrictedAmong } from './subject-register.db.ts'

export type LinksRouteDeps = {
  db: Pool
  vault: Pick<Vault, 'open' | 'seal' | 'indexForms' | 'lastingText' | 'lastingOf'>
  scoringModel: ScoringModel
  coverage: AgreedCoverage
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

const PAGE = 2000

/** `GET /v1/links`: which source record is which person. `POST /v1/links/explain`: why two are one, or are not. `POST /v1/links/again`: judges all anew. */
export async function linksRoutes(
  app: FastifyInstance,
  { db, vault, scoringModel, coverage, dispatch }: LinksRouteDeps,
): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get('/v1/links', { config: { scope: ['ops', 'steward'] }, schema: EXPORT }, async (request, reply) => {
    const { caller, query } = request
    const isSteward = caller.scopes.includes('steward')
    if (isSteward) {
      const records = await countPersonRecords(db, query.platform ?? null)
      await noteReading(db, {
        actor: caller.client,
        action: 'links.exported',
        object: query.platform ?? 'all',
        shown: { purpose: 'export', records },
      })
    }
    const lines = linesOf(db, vault, { isSteward, platform: query.platform })
    reply.type('application/x-ndjson')
    // The document calls the body a string; it is sent as it comes.
    return Readable.from(lines, { objectMode: false }) as unknown as string
  })

  typed.post('/v1/links/again', { config: { scope: 'steward' }, schema: AGAIN }, async ({ caller }, reply) => {
    const judging = await inTransaction(db, async (tx) => {
      const running = await findOpenBatch(tx, 'relink')
      if (running !== undefined) return running
      const batch = newId('bat')
      const records = await openRelink(tx, vault, { batch, newChunk: () => newId('chk') })
      await appendAudit(tx, { actor: caller.client, action: 'links.again', object: batch, details: { records } })
      return { batch, records }
    })
    await dispatch(OWN_PLATFORM).catch(() => undefined)
    return reply.status(202).send(judging)
  })

  typed.post(
    '/v1/links/explain',
    { config: { scope: ['ops', 'steward'] }, schema: EXPLAIN },
    async ({ body: { a, b }, caller }) => {
      const some = await readReferred(db, a as RecordReference | { person: PersonId }, vault)
      const others = await readReferred(db, b as RecordReference | { person: PersonId }, vault)
      if (some.length === 0 || others.length === 0) throw new TitianError('not-found')
      await noteReading(db, {
        actor: caller.client,
        action: 'explanation.read',
        object: String(some[0]?.subject ?? 'none'),
        shown: { purpose: 'explanation', records: some.length + others.length },
      })
      return explainRecords(db, { vault, scoringModel, coverage }, some, others)
    },
  )
}

/** One line for each record of a person whose data is not restricted; the source key in clear for a steward. */
async function* linesOf(
  db: Pool,
  vault: Pick<Vault, 'open' | 'lastingText' | 'lastingOf'>,
  { isSteward, platform }: { isSteward: boolean; platform: string | undefined },
): AsyncGenerator<string> {
  let after = ''
  for (;;) {
    const rows = await personRecordsAfter(db, after, PAGE)
    const { persons: restricted } = await restrictedAmong(db, vault, [...new Set(rows.map(({ subject }) => subject))])
    let text = ''
    for (const row of rows) {
      after = row.key
      if (restricted.has(row.subject) || (platform !== undefined && row.platform !== platform)) continue
      const named = isSteward ? { source_key: openRecord(row, vault).key } : { key_index: row.key }
      const link = { platform: row.platform, dataset: row.dataset, ...named, person_id: row.subject }
      text += `${JSON.stringify(link)}\n`
    }
    if (text !== '') yield text
    if (rows.length < PAGE) return
  }
}

const tags = ['persons']

const EXPORT = {
  operationId: 'exportLinks',
  tags,
  summary: 'Which source record is which person',
  description:
    'A line `{platform, dataset, source_key, person_id}` for every record of a person that was accepted. Who is no steward gets ' +
    '`key_index`, a keyed hash, in place of the source key. Persons whose data is restricted are left out. An export by a steward is written to the audit log.',
  querystring: Type.Object(
    { platform: Type.Optional(Type.String({ pattern: `^${PLATFORM_NAME}$` })) },
    { additionalProperties: false },
  ),
  response: {
    200: { description: 'NDJSON', content: { 'application/x-ndjson': { schema: Type.String() } } },
    ...problems('bad-request'),
  },
}

const AGAIN = {
  operationId: 'judgeAgain',
  tags,
  summary: 'Judge all records of persons again',
  description:
    'After another model was put in place. It goes through the pipeline as a batch of its own; what stewards decided stays. ' +
    'While one is under way, it is the answer and no other is begun.',
  response: { 202: ref(Judging), ...problems('indexes-moving') },
}

const EXPLAIN = {
  operationId: 'explainLink',
  tags,
  summary: 'Why two records or persons are one, or are not',
  description:
    'The weights of every field that was compared, the rules that overrode them, and the threshold. No personal value is told.',
  body: ref(ExplainRequest),
  response: { 200: ref(Explanations), ...problems('bad-request', 'not-found') },
}
