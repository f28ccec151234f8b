import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { readingsOfKey } from '../clean/mapping/written-key.ts'
import { TitianError } from '../domain/error.ts'
import type { FindingText } from '../domain/finding.ts'
import { findingTitle } from '../domain/finding.ts'
import type { SubjectId } from '../domain/ids.ts'
import { entryKey, sourceKey } from '../domain/keys.ts'
import { PLATFORM_NAME } from '../domain/platform.ts'
import { WITHDRAWAL_REASONS } from '../domain/withdrawal.ts'
import { type Language, speakTo } from '../io/http/language.ts'
import { problems, ref } from '../io/http/openapi.ts'
import type { ResultCatalogue } from '../results/catalogue.ts'
import { type ReturnDeps, returnResults } from '../results/returned/returned.db.ts'
import type { Turning } from '../results/returned/turned.ts'
import { noteReading } from '../trust/audit/reading.db.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { readDeliveries, readLedger, readLineFindings, readWays, readWithdrawn } from './record.sql.ts'
import { RecordWay } from './shapes.ts'

export type RecordRouteOptions = ReturnDeps & {
  db: Pool
  vault: Pick<Vault, 'indexForms' | 'open'>
  findings: Readonly<Record<string, FindingText>>
  resultCatalogue: ResultCatalogue
  layoutOf: Turning['layoutOf']
}

/** Entries shown of one key, the newest ones. */
const ENTRIES = 100

/** `GET /v1/records/{dataset}/{key}`: one record's whole way, by the platform's own key. */
export async function recordRoutes(app: FastifyInstance, options: RecordRouteOptions) {
  const { db, vault, findings: texts, resultCatalogue, layoutOf } = options
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  typed.get(
    '/v1/records/:dataset/:key',
    { config: { scope: ['records:read', 'steward'] }, schema: SCHEMA },
    async (request, reply) => {
      const { dataset, key } = request.params
      const platform = request.caller.platform ?? request.query.platform
      if (platform === undefined) {
        throw new TitianError('bad-request', undefined, {
          places: [{ pointer: '/querystring/platform', code: 'required' }],
        })
      }
      const { ledger, entry, indexes, keys } = await findRecord(platform, dataset, key)
      const language = speakTo(request, reply)
      const shown = ledger.slice(-ENTRIES)
      const entries = []
      for (const { batch, line, kind, chunk, outcome, corrected_by, state, received_at, settled_at } of shown) {
        const found = await readLineFindings(db, chunk, line)
        entries.push({
          batch,
          line,
          kind,
          outcome,
          corrected_by,
          state,
          received_at: received_at.toISOString(),
          settled_at: settled_at?.toISOString() ?? null,
          findings: found.map(({ code, severity, path }) => ({
            code,
            severity,
            path,
            title: findingTitle(texts, code, language),
          })),
        })
      }
      const sent = shown.filter(({ outcome }) => outcome === 'new' || outcome === 'updated').map(({ chunk }) => chunk)
      const withdrawn = (await readWithdrawn(db, entry, indexes)) ?? null
      const subjects = await readWays(db, indexes)
      const mayRead = request.caller.scopes.some((scope) => scope === 'results:read' || scope === 'steward')
      const turning = { catalogue: resultCatalogue, layoutOf, language }
      const returned = await returnResults(
        db,
        options,
        { platform, subjects: mayRead ? subjects.map(({ id }) => id as SubjectId) : [] },
        turning,
      )
      const ids = subjects.flatMap(({ id, merged_into }) => [id, ...(merged_into === null ? [] : [merged_into])])
      const deliveries = await readDeliveries(db, sent, ids)
      await noteReading(db, {
        actor: request.caller.client,
        action: 'record.read',
        object: `${platform}/${dataset}`,
        shown: { purpose: 'record', records: 1 },
      })
      return {
        platform,
        dataset,
        entries,
        withdrawn: withdrawn && {
          ...withdrawn,
          title: WITHDRAWAL_REASONS[withdrawn.reason][language],
          requested_at: withdrawn.requested_at.toISOString(),
        },
        subjects,
        results: returned.filter((result) => result.dataset === dataset && keys.includes(result.key)),
        deliveries: deliveries.map(({ chunk: _, composed_at, acknowledged_at, refused, ...delivery }) => ({
          ...delivery,
          composed_at: composed_at.toISOString(),
          acknowledged_at: acknowledged_at?.toISOString() ?? null,
          taken: acknowledged_at === null ? null : refused.length === 0,
          refused: refused.map(({ subject, code }) => ({ subject, code, title: titleOf(code, language) })),
        })),
      }
    },
  )

  /** The reason of BPS in words; one that is not in the contract is told as a refusal alone. */
  function titleOf(reason: string, language: Language): string {
    const code = `receiver-${reason}`
    return findingTitle(texts, Object.hasOwn(texts, code) ? code : 'receiver-refused', language)
  }

  /** What is known under a key as the sender wrote it, else under the key that was made of it. */
  async function findRecord(platform: string, dataset: string, written: string) {
    for (const key of readingsOfKey(written)) {
      const indexes = (['keluarga', 'individu'] as const).flatMap((level) =>
        vault.indexForms('key', sourceKey(platform, dataset, level, key)),
      )
      const entry = vault.indexForms('key', entryKey(platform, dataset, key))
      const ledger = await readLedger(db, entry, indexes)
      if (ledger.length > 0) return { ledger, entry, indexes, keys: [key] }
    }
    throw new TitianError('not-found')
  }
}

const SCHEMA = {
  operationId: 'readRecord',
  tags: ['records'],
  summary: "One record's whole way",
  description:
    'Every time the record came, what became of it, whose subject it is now, the deliveries it went out in, and what BPS says of it.',
  params: Type.Object(
    { dataset: Type.String(), key: Type.String({ minLength: 1, maxLength: 512 }) },
    { additionalProperties: false },
  ),
  querystring: Type.Object(
    {
      platform: Type.Optional(
        Type.String({
          pattern: `^${PLATFORM_NAME}$`,
          description: 'Whose record; for a steward, who speaks for no platform',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: { 200: ref(RecordWay), ...problems('bad-request', 'not-found') },
}
