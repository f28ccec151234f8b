import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { chooseType } from '../../io/http/accept.ts'
import { problems } from '../../io/http/openapi.ts'
import type { Canonical } from '../../language/canonical.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { lastPosition } from '../delivery.sql.ts'
import { formatFeedCursor, RecordsQuery } from '../feed.ts'
import { feedEpoch } from '../feed-epoch.sql.ts'
import { FORMS } from '../forms/form.ts'
import { digestText } from '../manifest.ts'
import { signedAnswers } from './signed.http.ts'
import { type GoldenReader, pastLines, presentLines, type RestrictedReader } from './snapshot.db.ts'
import { readSnapshotDay } from './snapshot.sql.ts'
import { snapshotForm } from './snapshot-forms.ts'
import { spooled } from './spooled.file.ts'

export type SnapshotRouteOptions = {
  db: Pool
  vault: Pick<Vault, 'open'>
  /** Signs answers. */
  ring: KeyRing
  /** The address that others know the gateway by. */
  issuer: string
  canonical: Canonical
  readGolden: GoldenReader
  readRestricted: RestrictedReader
}

/** `GET /v1/snapshots/{date}`: a first load, after which the feed goes on. */
export async function snapshotRoutes(app: FastifyInstance, options: SnapshotRouteOptions): Promise<void> {
  const { db, readGolden, canonical } = options
  const onSend = signedAnswers(options)
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  typed.get(
    '/v1/snapshots/:date',
    { config: { scope: 'deliveries:read' }, onSend, schema: SCHEMA },
    async (request, reply) => {
      const { params, query, caller, socket } = request
      const [{ date }, { region, level }] = [params, query]
      const form = chooseType(request, reply, FORMS)
      if ((form === 'application/x-ndjson') !== (level === undefined))
        throw badRequest('/querystring/level', level === undefined ? 'level-missing' : 'level-of-ndjson')
      // Before anything is read: what changes meanwhile is in the feed after it.
      const [epoch, last] = [await feedEpoch(db), await lastPosition(db)]
      const day = await readSnapshotDay(db, date)
      if (day.isAhead) throw badRequest('/params/date', 'date-ahead')
      const isPresent = day.isToday || !day.hasLater
      if (!isPresent && day.hasGaps) throw new TitianError('snapshot-gone')
      const position = isPresent ? last : day.position
      const lines = isPresent ? presentLines(readGolden, region) : pastLines(options, date, day, region)
      let records = 0
      const counted = async function* () {
        for await (const page of lines) {
          records += page.length
          yield page
        }
      }
      const pieces = snapshotForm(counted(), { form, level: level ?? 'individu', canonical })
      const whole = await spooled(pieces, () => socket.destroyed)
      if (whole === undefined) return reply.hijack()
      await noteReading(db, {
        actor: caller.client,
        action: 'snapshot.read',
        object: date,
        shown: { purpose: 'first-load', region: region ?? 'all', form, ...(level && { level }), records },
      })
      void reply
        .header('titian-next', position === '0' ? '0' : formatFeedCursor({ epoch, position }))
        .header('content-digest', digestText(whole.digest))
        .header('content-length', whole.bytes)
        .type(form === 'text/csv' ? 'text/csv; charset=utf-8; header=present' : form)
      // The document calls the body a string; it is sent as it comes.
      return reply.send(whole.body as unknown as string)
    },
  )
}

function badRequest(pointer: string, code: string): TitianError {
  return new TitianError('bad-request', undefined, { places: [{ pointer, code }] })
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
    'same or a lower version of a subject tells nothing new. As CSV (RFC 4180, safe in a spreadsheet) and as Parquet one `level` ' +
    "at a time, with the columns that deliveries have. A person's line says how sure it is (`confidence`) and whether a steward is " +
    'asked about it (`review`). The answer begins when it is whole, so allow for minutes, or ask region by region; it is signed ' +
    '(RFC 9421) over status, content, `titian-next` and the request.',
  params: Type.Object({ date: Type.String({ format: 'date', examples: ['2026-11-01'] }) }, closed),
  querystring: Type.Object(
    {
      ...RecordsQuery.properties,
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
      description: 'Golden records, one a line or row',
      headers: { 'titian-next': Type.String({ description: 'where to go on in the feed' }) },
      content: {
        'application/x-ndjson': { schema: Type.String() },
        'text/csv': { schema: Type.String() },
        'application/vnd.apache.parquet': { schema: Type.String({ format: 'binary' }) },
      },
    },
    ...problems('bad-request', 'not-acceptable', 'snapshot-gone'),
  },
}
