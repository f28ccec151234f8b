import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../domain/error.ts'
import type { FindingText } from '../domain/finding.ts'
import { findingTitle } from '../domain/finding.ts'
import type { BatchId, ChunkId } from '../domain/ids.ts'
import type { EntryFinding } from '../domain/report.ts'
import { BatchPath } from '../engine/batch-shapes.ts'
import { viewBatch } from '../engine/batch-view.sql.ts'
import { chooseType } from '../io/http/accept.ts'
import { speakTo } from '../io/http/language.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { limitOf, limitSchema } from '../io/http/paging.ts'
import { mayKnowKeys, platformOf } from '../trust/access/caller.ts'
import { noteReading } from '../trust/audit/reading.db.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { FINDINGS_FILTER, type FindingsFilter, isAskedFor, queryOf } from './batch/findings-filter.ts'
import { type ChunkReport, readEntryStates, readKeys, readLinesWith, readReports } from './findings.sql.ts'
import { pageOf } from './findings-page.ts'
import { type FindingView, toCsv, toNdjson } from './findings-text.ts'
import { FINDING_CURSOR, parseCursor } from './paging.ts'
import { FindingPage } from './shapes.ts'

export type FindingsRouteOptions = {
  db: Pool
  vault: Pick<Vault, 'open'>
  findings: Readonly<Record<string, FindingText>>
}

const FORMS = ['application/json', 'application/x-ndjson', 'text/csv'] as const
const PAGE = 1000
const MAX_PAGE = 10_000
/** Reports opened for one page, at most; a page may therefore be shorter than asked for and still have a next one. */
const REPORTS = 60

/** `GET /v1/batches/{id}/findings`: what is wrong with a batch's entries, page by page, in three formats. */
export async function findingsRoutes(app: FastifyInstance, { db, vault, findings: texts }: FindingsRouteOptions) {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  typed.get(
    '/v1/batches/:id/findings',
    { config: { scope: ['batches:read', 'results:write', 'ops', 'steward'] }, schema: SCHEMA },
    async (request, reply) => {
      const { id } = request.params
      const type = chooseType(request, reply, FORMS)
      const batch = await viewBatch(db, id, platformOf(request.caller))
      if (batch === undefined) throw new TitianError('not-found')
      const limit = limitOf(request.query.limit, PAGE, MAX_PAGE)
      const after = parseCursor(request.query.after)
      const read = await readReports(db, id as BatchId, after, REPORTS + 1)
      const reports = await askedFor(db, read, request.query)
      const { findings, next } = pageOf(reports.slice(0, REPORTS), after, limit, read.length > REPORTS)
      const language = speakTo(request, reply)
      const keys = await readKeys(db, vault, mayKnowKeys(request.caller) ? chunksOf(reports, findings) : [])
      const told = new Set(findings.flatMap(({ line }) => (keys.has(line) ? [line] : [])))
      if (told.size > 0)
        await noteReading(db, {
          actor: request.caller.client,
          action: 'findings.read',
          object: id,
          shown: { purpose: 'mending', records: told.size },
        })
      const states = await readEntryStates(db, id, [...new Set(findings.map(({ line }) => line))])
      const views: FindingView[] = findings.map(({ line, code, severity, path }) => ({
        line,
        key: keys.get(line) ?? null,
        code,
        severity,
        path,
        title: findingTitle(texts, code, language),
        outcome: states.get(line)?.outcome ?? null,
        corrected_by: states.get(line)?.correctedBy ?? null,
      }))
      if (next !== null) {
        const query = queryOf(request.query)
        query.set('after', next)
        query.set('limit', String(limit))
        void reply.header('link', `</v1/batches/${id}/findings?${query}>; rel="next"`)
      }
      if (type === 'application/json') return { findings: views, next }
      if (type === 'text/csv') return reply.type('text/csv; charset=utf-8').send(toCsv(views))
      return reply.type(type).send(toNdjson(views))
    },
  )
}

/** Reports with only the findings that are asked for; there are as many reports as before. */
async function askedFor(db: Pool, reports: readonly ChunkReport[], filter: FindingsFilter): Promise<ChunkReport[]> {
  const { outcome, corrected } = filter
  const byEntry = outcome !== undefined || corrected !== undefined
  const chunks = [...new Set(reports.map(({ chunk }) => chunk))]
  const isCorrected = corrected === undefined ? null : corrected === 'yes'
  const lines = byEntry ? await readLinesWith(db, chunks, { outcome: outcome ?? null, isCorrected }) : undefined
  return reports.map((report) => ({
    ...report,
    findings: report.findings.filter(
      (finding) => isAskedFor(finding, filter) && (lines === undefined || lines.has(finding.line)),
    ),
  }))
}

/** The chunks that the findings of a page belong to. */
function chunksOf(reports: readonly ChunkReport[], findings: readonly EntryFinding[]): ChunkId[] {
  const lines = new Set(findings.map(({ line }) => line))
  return reports.filter(({ findings: found }) => found.some(({ line }) => lines.has(line))).map(({ chunk }) => chunk)
}

const SCHEMA = {
  operationId: 'listFindings',
  tags: ['batches'],
  summary: 'Findings of a batch',
  description:
    'Chunk by chunk, all or those that are asked for; a page may be shorter than its limit, or empty. Follow `next`, or the `Link` header, until there is none. As CSV it is safe to open in a spreadsheet.',
  params: BatchPath,
  querystring: Type.Object(
    {
      after: Type.Optional(Type.String({ pattern: FINDING_CURSOR, description: '`next` of the page before' })),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
      ...FINDINGS_FILTER,
    },
    { additionalProperties: false },
  ),
  response: {
    200: {
      description: 'A page of findings',
      content: {
        'application/json': { schema: ref(FindingPage) },
        'application/x-ndjson': { schema: Type.String() },
        'text/csv': { schema: Type.String() },
      },
    },
    ...problems('not-acceptable', 'not-found'),
  },
}
