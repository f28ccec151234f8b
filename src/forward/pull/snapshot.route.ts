import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { problems } from '../../io/http/openapi.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { lastPosition } from '../delivery.sql.ts'
import { formatFeedCursor } from '../feed.ts'
import { feedEpoch } from '../feed-epoch.sql.ts'
import { type GoldenReader, pastLines, presentLines } from './snapshot.db.ts'
import { readSnapshotDay } from './snapshot.sql.ts'

export type SnapshotRouteOptions = { db: Pool; vault: Pick<Vault, 'open'>; readGolden: GoldenReader }

/** `GET /v1/snapshots/{date}`: a first load, after which the feed goes on. */
export async function snapshotRoutes(app: FastifyInstance, options: SnapshotRouteOptions): Promise<void> {
  const { db, readGolden } = options
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  typed.get(
    '/v1/snapshots/:date',
    { config: { scope: 'deliveries:read' }, schema: SCHEMA },
    async ({ params: { date }, query: { region }, caller }, reply) => {
      // Before anything is read: what changes meanwhile is in the feed after it.
      const [epoch, last] = [await feedEpoch(db), await lastPosition(db)]
      const day = await readSnapshotDay(db, date)
      if (day.isAhead)
        throw new TitianError('bad-request', undefined, { places: [{ pointer: '/params/date', code: 'date-ahead' }] })
      const isPresent = day.isToday || !day.hasLater
      if (!isPresent && day.hasGaps) throw new TitianError('snapshot-gone')
      await inTransaction(db, (tx) =>
        appendAudit(tx, {
          actor: caller.client,
          action: 'snapshot.read',
          object: date,
          details: { region: region ?? 'all' },
        }),
      )
      const position = isPresent ? last : day.position
      void reply.header('titian-next', position === '0' ? '0' : formatFeedCursor({ epoch, position }))
      const lines = isPresent ? presentLines(readGolden, region) : pastLines(options, date, day, region)
      // The document calls the body a string; it is sent as it comes.
      return reply.type('application/x-ndjson').send(Readable.from(lines, { objectMode: false }) as unknown as string)
    },
  )
}

const closed = { additionalProperties: false }

const SCHEMA = {
  operationId: 'readSnapshot',
  tags: ['deliveries'],
  summary: 'All golden records as they stood at the end of a day',
  description:
    'For a first load. Of today, and of a day since which nothing was told, the records as they stand now, in the order of their ' +
    'ids, without the entries behind them; of an earlier day the last line of each subject in the deliveries, as long as all of ' +
    'those are kept. Days are those of Jakarta. Go on with `GET /v1/deliveries?after=` the header `titian-next`: a line of the ' +
    'same or a lower version of a subject tells nothing new. An answer that breaks off is not whole.',
  params: Type.Object({ date: Type.String({ format: 'date', examples: ['2026-11-01'] }) }, closed),
  querystring: Type.Object(
    {
      region: Type.Optional(
        Type.String({
          pattern: '^([0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10})$',
          description: 'only subjects of this province, regency, district or village (BPS code)',
        }),
      ),
    },
    closed,
  ),
  response: {
    200: {
      description: 'Golden records, one a line',
      headers: { 'titian-next': Type.String({ description: 'where to go on in the feed' }) },
      content: { 'application/x-ndjson': { schema: Type.String() } },
    },
    ...problems('bad-request', 'snapshot-gone'),
  },
}
