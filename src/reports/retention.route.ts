import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type, { type Static } from 'typebox'
import type { Platform } from '../domain/platform.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { agreementDay, agreementName, bindingAgreement } from '../trust/agreements/agreement.ts'
import { selectKept } from './retention.sql.ts'

const closed = { additionalProperties: false }

export const RetentionReport = Type.Object(
  {
    datasets: Type.Array(
      Type.Object(
        {
          platform: Type.String(),
          dataset: Type.String(),
          agreement: Type.Union([Type.String(), Type.Null()]),
          days: Type.Union([Type.Integer(), Type.Null()], {
            description: 'How long a record is kept that is not pushed any more; null: without end',
          }),
          records: Type.Integer({ description: 'Source records that are kept' }),
          oldest: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
            description: 'When the push was received that states the oldest of them as it is',
          }),
          expired: Type.Integer({ description: 'Entries that were taken out since they were kept long enough' }),
        },
        closed,
      ),
    ),
  },
  { $id: 'RetentionReport', ...closed },
)

/** `GET /v1/retention`: how long what is kept of each dataset, by the agreements. */
export async function retentionRoutes(
  app: FastifyInstance,
  { db, platforms, clock }: { db: Pool; platforms: ReadonlyMap<string, Platform>; clock: () => Date },
): Promise<void> {
  app.get('/v1/retention', { config: { scope: ['ops', 'steward'] }, schema: SCHEMA }, async () => {
    const kept = new Map((await selectKept(db)).map((one) => [`${one.platform} ${one.dataset}`, one]))
    const today = agreementDay(clock())
    const rows: Static<typeof RetentionReport>['datasets'] = []
    for (const platform of platforms.values()) {
      const agreement = bindingAgreement(platform, today)
      for (const dataset of platform.datasets) {
        const one = kept.get(`${platform.name} ${dataset}`)
        rows.push({
          platform: platform.name,
          dataset,
          agreement: agreementName(agreement),
          days: agreement.retention?.[dataset] ?? null,
          records: one?.records ?? 0,
          oldest: one?.oldest?.toISOString() ?? null,
          expired: one?.expired ?? 0,
        })
      }
    }
    return { datasets: rows }
  })
}

const SCHEMA = {
  operationId: 'readRetention',
  tags: ['conservation'],
  summary: 'How long what is kept of each dataset, by the agreements',
  description: 'Counts every source record: allow for seconds.',
  response: { 200: ref(RetentionReport), ...problems() },
}
