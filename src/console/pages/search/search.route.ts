import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import Value from 'typebox/value'
import { readingsOfKey } from '../../../clean/mapping/written-key.ts'
import { TitianError } from '../../../domain/error.ts'
import { type FindingText, findingTitle } from '../../../domain/finding.ts'
import type { PersonId } from '../../../domain/ids.ts'
import { entryKey, sourceKey } from '../../../domain/keys.ts'
import { BATCH_ID } from '../../../engine/batch-shapes.ts'
import { viewBatch } from '../../../engine/batch-view.sql.ts'
import { selectDelivery } from '../../../forward/operate/operate.sql.ts'
import type { Canonical } from '../../../language/canonical.ts'
import { type PersonViewDeps, viewPerson } from '../../../link/persons/person-view.db.ts'
import {
  findEntryOf,
  selectCame,
  selectEntrySubjects,
  selectSubject,
  selectSubjectSources,
} from '../../../reports/record/found.sql.ts'
import { readDeliveries, readLineFindings } from '../../../reports/record.sql.ts'
import { mayKnowKeys } from '../../../trust/access/caller.ts'
import { noteReading } from '../../../trust/audit/reading.db.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { pathTo } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { type Came, recordBody, underWayBody } from './record.ts'
import { searchBody } from './search.ts'
import { subjectBody } from './subject.ts'
import { SEARCH_MENU, saySearch } from './words.ts'

const CAME = 50
const SUBJECTS = 50
const closed = { additionalProperties: false }
const ById = Type.Object({ id: Type.String({ pattern: '^(bat|dlv|per|fam)_[0-9a-z]{26}$' }) }, closed)
const ByKey = Type.Object(
  {
    platform: Type.String({ maxLength: 64 }),
    dataset: Type.String({ maxLength: 80 }),
    key: Type.String({ minLength: 1, maxLength: 512 }),
  },
  closed,
)

export type SearchOptions = PersonViewDeps & {
  db: Pool
  vault: Vault
  findings: Readonly<Record<string, FindingText>>
  canonical: Canonical
  registry: { platforms: ReadonlyMap<string, unknown>; datasets: ReadonlyMap<string, unknown> }
}

/** The search: what is asked for comes in a form, never in an address, and the answer leads to a page by an id of ours. */
export async function searchPages(app: FastifyInstance, options: SearchOptions): Promise<void> {
  const { db, vault, findings, registry, canonical } = options
  const route = { config: doorTo('search'), schema: { hide: true } } as const

  app.get<{ Querystring: { saved?: string } }>(SEARCH_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const body = searchBody(view, {
      platforms: [...registry.platforms.keys()].sort(),
      datasets: [...registry.datasets.keys()].sort(),
      mayKnowKeys: mayKnowKeys(request.caller),
      isMissing: request.query.saved === 'nothing',
    })
    return sendPage(reply, view, SEARCH_MENU.text[view.language], body)
  })

  app.post(SEARCH_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const { body } = request
    if (Value.Check(ById, body)) return reply.redirect(pathTo(view, ...(await pageOf(body.id))), 303)
    if (!Value.Check(ByKey, body)) throw new TitianError('bad-request')
    if (!mayKnowKeys(request.caller)) throw new TitianError('scope-missing')
    const found = await entryOf(body)
    if (found !== undefined) {
      const shown = { purpose: 'search', records: 1 }
      const object = `${body.platform}/${body.dataset}`
      await noteReading(db, { actor: request.caller.client, action: 'record.read', object, shown })
    }
    const path = found && `${SEARCH_MENU.path}/${found.batch}/${found.line}`
    return reply.redirect(pathTo(view, ...(path === undefined ? MISSING : ([path, {}] as const))), 303)
  })

  app.get<{ Params: { batch: string; line: string } }>(
    `${SEARCH_MENU.path}/:batch/:line`,
    route,
    async (request, reply) => {
      const view = viewOf(request)
      const { batch, line } = request.params
      if (!new RegExp(BATCH_ID).test(batch) || !/^\d{1,9}$/.test(line)) throw new TitianError('not-found')
      const rows = await selectCame(db, batch, Number(line), CAME)
      if (rows.length === 0) {
        // What was released or is not cleaned yet has no outcome for a while; it is there all the same.
        const { counts } = (await viewBatch(db, batch, null)) ?? { counts: undefined }
        if (counts === undefined || counts.pending === 0 || Number(line) < 1) throw new TitianError('not-found')
        return sendPage(reply, view, saySearch(view, 'record'), underWayBody(view, batch))
      }
      const came: Came[] = []
      for (const row of rows) {
        const found = await readLineFindings(db, row.chunk, row.line)
        came.push({
          ...row,
          findings: found.map((one) => ({ ...one, title: findingTitle(findings, one.code, view.language) })),
        })
      }
      const subjects = await selectEntrySubjects(db, rows, SUBJECTS)
      const told = rows.filter(({ outcome }) => outcome === 'new' || outcome === 'updated').map(({ chunk }) => chunk)
      const ids = subjects.flatMap(({ id, mergedInto }) => [id, ...(mergedInto === null ? [] : [mergedInto])])
      const deliveries = await readDeliveries(db, told, ids)
      const isOps = request.caller.scopes.includes('ops')
      const shown = { purpose: 'search', batch, values: false, records: rows.length }
      const object = `${rows[0]?.platform}/${rows[0]?.dataset}`
      await noteReading(db, { actor: request.caller.client, action: 'record.read', object, shown })
      return sendPage(reply, view, saySearch(view, 'record'), recordBody(view, { came, subjects, deliveries, isOps }))
    },
  )

  app.get<{ Params: { id: string } }>(`${SEARCH_MENU.path}/:id`, route, async (request, reply) => {
    const view = viewOf(request)
    const subject = await selectSubject(db, request.params.id)
    if (subject === undefined) throw new TitianError('not-found')
    const sources = await selectSubjectSources(db, subject.id, SUBJECTS)
    // Without values: whoever wants those reads the person, which is written down.
    const isPerson = subject.level === 'individu' && subject.mergedInto === null
    const person = isPerson ? await viewPerson(db, options, subject.id as PersonId, false) : undefined
    if (person !== undefined) {
      const shown = { purpose: 'search', values: false, records: person.sources.length }
      await noteReading(db, { actor: request.caller.client, action: 'person.read', object: person.id, shown })
    }
    return sendPage(reply, view, saySearch(view, 'subject'), subjectBody(view, { subject, sources, person, canonical }))
  })

  async function pageOf(id: string): Promise<readonly [string, Record<string, string>]> {
    if (id.startsWith('bat_') && (await viewBatch(db, id, null)) !== undefined) return [`/console/batches/${id}`, {}]
    if (id.startsWith('dlv_') && (await selectDelivery(db, id)) !== undefined) return [`/console/deliveries/${id}`, {}]
    if ((await selectSubject(db, id)) !== undefined) return [`${SEARCH_MENU.path}/${id}`, {}]
    return MISSING
  }

  /** The latest entry under a key as somebody wrote it, else under the key that was made of it. */
  async function entryOf({ platform, dataset, key: written }: { platform: string; dataset: string; key: string }) {
    for (const key of readingsOfKey(written)) {
      const sources = (['keluarga', 'individu'] as const).flatMap((level) =>
        vault.indexForms('key', sourceKey(platform, dataset, level, key)),
      )
      const found = await findEntryOf(db, vault.indexForms('key', entryKey(platform, dataset, key)), sources)
      if (found !== undefined) return found
    }
    return undefined
  }
}

const MISSING: readonly [string, Record<string, string>] = [SEARCH_MENU.path, { saved: 'nothing' }]
