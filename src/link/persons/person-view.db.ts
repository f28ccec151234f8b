import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { featuresOf } from '../compare/features.ts'
import { readDecisions } from '../review/decision.sql.ts'
import { type PairDecision, pairKey } from '../review/pair-decision.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { explain } from '../score/explain.ts'
import { giverOf, inOrder, mergeGolden, type OpenedRecord } from '../subjects/merge.ts'
import { openCovered } from '../subjects/sealed-record/open-record.db.ts'
import type { StoredRecord } from '../subjects/source-record.ts'
import { areOfOneFamily } from '../subjects/source-record.ts'
import type { Index } from '../subjects/subject.ts'
import { readMerged, readSubjectsById } from '../subjects/subjects.sql.ts'
import type { Survivorship } from '../subjects/survivorship.ts'
import { shownField } from './link-shapes.ts'
import { readPerson } from './reference.db.ts'
import type { SeenPerson } from './seen-person.ts'

export type PersonViewDeps = {
  vault: Pick<Vault, 'open'>
  scoringModel: ScoringModel
  survivorship: Survivorship
  coverage: AgreedCoverage
}

type OpenedRow = OpenedRecord & Pick<StoredRecord, 'family'>

/** A person's golden record from its sources, with all that speaks for it; values only where `isSteward`. */
export async function viewPerson(
  db: Db,
  deps: PersonViewDeps,
  asked: SubjectId,
  isSteward: boolean,
): Promise<SeenPerson | undefined> {
  const person = await readPerson(db, asked)
  return person && showPerson(db, deps, { ...person, asked }, isSteward)
}

/**
 * What is told of a person whose source records were read, as far as the agreements of their platforms cover it; its sources stand in the
 * order of their key indexes.
 */
export async function showPerson(
  db: Db,
  { vault, scoringModel, survivorship, coverage }: PersonViewDeps,
  { asked, ...person }: { id: SubjectId; asked: SubjectId; rows: readonly StoredRecord[] },
  isSteward: boolean,
): Promise<SeenPerson> {
  const [subject] = await readSubjectsById(db, [person.id])
  const rows = inKeyOrder(person.rows)
  const opened = rows.map((row): OpenedRow => ({ ...row, record: openCovered(row, vault, coverage) }))
  const decided = await readDecisions(
    db,
    rows.map(({ key }) => key),
  )
  const origin = originByField(opened, survivorship)
  return {
    id: person.id,
    asked,
    family: subject?.family ?? null,
    version: subject?.version ?? 0,
    redirects: (await readMerged(db, [person.id])).map(({ id }) => id).sort(),
    sources: opened.map(({ platform, dataset, record }, at) => ({
      at,
      platform,
      dataset,
      as_of: record.asOf ?? null,
      source_key: isSteward ? record.key : null,
      former: rows[at]?.former ?? null,
    })),
    origin,
    record: isSteward ? mergeGolden(opened, survivorship).record : null,
    edges: edgesOf(opened, scoringModel, decided),
    conflicts: conflictsOf(opened, origin, isSteward),
  }
}

/** Source records by their key indexes: the order in which a person's sources are told. */
export function inKeyOrder<T extends { key: Index }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

function originByField(opened: readonly OpenedRecord[], { rank, fields }: Survivorship): Record<string, number> {
  const origin: Record<string, number> = {}
  for (const source of inOrder(opened, rank)) {
    for (const field in source.record.fields) {
      if (field in origin) continue
      const giver = giverOf(field, opened, fields.get(`individu.${field}`) ?? rank)
      if (giver !== undefined) origin[field] = opened.indexOf(giver)
    }
  }
  return origin
}

function edgesOf(opened: readonly OpenedRow[], scoringModel: ScoringModel, decided: readonly PairDecision[]) {
  const allFeatures = opened.map(({ platform, dataset, record }) => featuresOf(record, `${platform}|${dataset}`))
  const said = new Map(decided.map(({ a, b, decision }) => [pairKey(a, b), decision]))
  return allFeatures.flatMap((one, a) =>
    allFeatures.slice(a + 1).map((other, offset) => {
      const b = a + 1 + offset
      const { weight, fields } = explain(one, other, scoringModel, areOfOneFamily(opened[a], opened[b]))
      const decision = said.get(pairKey(opened[a]?.key ?? '', opened[b]?.key ?? '')) ?? null
      return { a, b, bits: weight, decided: decision, fields: fields.map(shownField) }
    }),
  )
}

/** Fields of which two sources state different values. */
function conflictsOf(opened: readonly OpenedRecord[], origin: Readonly<Record<string, number>>, isSteward: boolean) {
  return Object.entries(origin).flatMap(([field, stands]) => {
    const sources = opened.flatMap(({ record }, at) => (record.fields[field] === undefined ? [] : [at]))
    const values = sources.flatMap((at) => opened[at]?.record.fields[field] ?? [])
    if (new Set(values).size < 2) return []
    return [{ field, sources, stands, values: isSteward ? values : null }]
  })
}
