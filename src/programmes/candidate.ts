import type { CanonicalRecord } from '../domain/entry.ts'
import type { RecordField } from '../language/rules/explain.ts'
import { CAUTIONS, DEAD } from './facts/cautions.ts'
import type { Evaluated } from './facts/evaluated.ts'
import type { FactOrigin, Facts } from './facts/facts.ts'
import type { TwoTongues } from './programme.ts'
import type { CompiledProgramme, ExplainedCriterion } from './rules/compile-programme.ts'

/** How reasons are told: in which language, and of which fields values stand beside them. */
export type Telling = { language: keyof TwoTongues; platform: string; values: (field: string) => boolean }

type FieldView = {
  field: string
  origin:
    | { source: 'records'; platform: string; dataset: string; as_of: string | null; inferred: boolean }
    | { source: 'results'; version: string; as_of: string; period: string | null }
    | { source: 'derived' }
    | null
  value?: string | number
}
type Reason = { code: string; mark: string; text: string; fields: FieldView[]; missing: string[] }

/** What holds of a resident, what speaks against, what is not known, and what a human has to look at. */
export type ReasonsView = {
  holds: Reason[]
  against: Reason[]
  unknown: Reason[]
  cautions: { code: string; text: string }[]
  conflicts: {
    code: string
    text: string
    aid: string
    component: string | null
    certain: boolean
    mark: string
    fields: FieldView[]
  }[]
  /** Overlaps of which nobody said whether the aid is held. */
  unchecked: string[]
}

/** The resident itself, by the platform's own keys. */
export function whoIs({ resident: { self, household } }: Evaluated) {
  return {
    subject: self.subject,
    keys: self.own.map(({ dataset, level, key }) => ({ dataset, level, key })),
    place: household.place ?? null,
  }
}

/** Explains a verdict in the words of a language. */
export function reasonsOf(
  { resident, facts, verdict }: Evaluated,
  compiled: CompiledProgramme,
  day: string,
  telling: Telling,
): ReasonsView {
  const { criteria, conflicts, unchecked } = compiled.explain(resident, facts, day)
  const { language } = telling
  const reasons = (wanted: boolean | undefined) =>
    criteria.filter(({ truth }) => truth === wanted).map((one) => reasonOf(one, facts, telling))
  const dead = { code: DEAD.code, mark: 'published', text: DEAD[language], fields: [], missing: [] }
  return {
    holds: reasons(true),
    against: [...reasons(false), ...(verdict.isDead ? [dead] : [])],
    unknown: reasons(undefined),
    cautions: verdict.cautions.map((code) => ({ code, text: CAUTIONS[code][language] })),
    conflicts: conflicts.map(({ overlap, certain, deciding }) => ({
      code: overlap.code,
      text: overlap[language],
      aid: overlap.held,
      component: overlap.component?.[language] ?? null,
      certain,
      mark: overlap.mark,
      fields: fieldsOf(deciding, facts, telling),
    })),
    unchecked: unchecked.map(({ code }) => code),
  }
}

function reasonOf({ criterion, deciding, missing }: ExplainedCriterion, facts: Facts, telling: Telling): Reason {
  const { code, mark } = criterion
  const lacking = new Set(missing.map(keyOf))
  return {
    code,
    mark,
    text: criterion[telling.language],
    fields: fieldsOf(deciding, facts, telling),
    missing: [...lacking],
  }
}

function keyOf({ record, field }: { record: Pick<CanonicalRecord, 'level'>; field: string }): string {
  return `${record.level}.${field}`
}

/** Fields with their origins, each once; a value only where it is the platform's own or BPS's answer. */
function fieldsOf(deciding: readonly RecordField[], facts: Facts, { platform, values }: Telling): FieldView[] {
  const views = new Map<string, FieldView>()
  for (const one of deciding) {
    const origin = facts.originOf(one.record, one.field)
    const value = one.record.fields[one.field]
    const isOwn = origin !== undefined && (origin.source !== 'records' || origin.platform === platform)
    const shown = value !== undefined && isOwn && values(keyOf(one))
    const view = { field: keyOf(one), origin: originView(origin), ...(shown && { value }) }
    views.set(JSON.stringify(view), view)
  }
  return [...views.values()]
}

function originView(origin: FactOrigin | undefined): FieldView['origin'] {
  if (origin === undefined) return null
  if (origin.source === 'derived') return { source: 'derived' }
  if (origin.source === 'results')
    return { source: 'results', version: origin.version, as_of: origin.asOf, period: origin.period ?? null }
  const { source, platform, dataset, asOf, inferred } = origin
  return { source, platform, dataset, as_of: asOf, inferred }
}
