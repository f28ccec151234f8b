import { createHash } from 'node:crypto'
import type { CanonicalRecord } from '../../domain/entry.ts'
import { dayNumber } from '../../language/calendar.ts'
import { type Explained, explainerOf } from '../../language/rules/explain.ts'
import { type GenerationContext, judgeOf } from '../../language/rules/generate.ts'
import type { Condition } from '../../language/rules/rule.ts'
import { CAUTIONS, type Caution, cautionsOf, type Said } from '../facts/cautions.ts'
import type { Facts } from '../facts/facts.ts'
import type { Resident } from '../facts/household.ts'
import type { Criterion, Eligibility, Overlap, Programme } from '../programme.ts'

/** A verdict on one resident, and what made it besides the criteria. */
export type Judgement = { eligibility: Eligibility; cautions: Caution[]; isDead: boolean }

export type ExplainedCriterion = { criterion: Pick<Criterion, 'code' | 'mark' | 'id' | 'en'> } & Explained
/** An aid that is held already; not `certain` where only its component is not known. */
type Conflict = { overlap: Overlap; certain: boolean } & Pick<Explained, 'deciding'>
type Explanation = { criteria: ExplainedCriterion[]; conflicts: Conflict[]; unchecked: Overlap[] }

/** A programme ready to be asked. `day` is the ISO date of the list. */
export type CompiledProgramme = {
  programme: Programme
  /** SHA-256 over what it demands, hexadecimal: two lists of one digest were made by one rule. */
  digest: string
  /** Full keys of the variables that it reads. */
  variables: ReadonlySet<string>
  judge(resident: Resident, facts: Facts, said: Said, day: string, isPlaced: boolean): Judgement
  explain(resident: Resident, facts: Facts, day: string): Explanation
}

/** Compiles the conditions of a programme and the overlaps that block it. */
export function compileProgramme(
  programme: Programme,
  overlaps: readonly Overlap[],
  context: GenerationContext,
): CompiledProgramme {
  const { unit, criteria } = programme
  const judges = criteria.map(({ condition, code }) => judgeOf(unit, condition, context, code))
  const variables = new Set(criteria.flatMap(({ condition }) => keysOf(condition)))
  let explainers: ReturnType<typeof explainerOf>[] | undefined
  const blocking = overlaps.filter(({ blocks }) => blocks === programme.name)
  let asked: ReturnType<typeof overlapAsker>[] | undefined
  return {
    programme,
    digest: digestOf(programme),
    variables,
    judge(resident, facts, said, day, isPlaced) {
      const today = dayNumber(day)
      const record = facts.recordOf(resident.self)
      let isAgainst = false
      let isUnknown = false
      for (const judge of judges) {
        const truth = judge(record, facts.family, facts.records, undefined, day, today)
        if (truth === false) isAgainst = true
        else if (truth === undefined) isUnknown = true
      }
      const isDead = said.own?.status === 'dead'
      const cautions = cautionsOf(resident, said, variables, isPlaced)
      const lifts = cautions.some((code) => CAUTIONS[code].lifts)
      if (isAgainst || isDead) return { eligibility: lifts ? 'undecided' : 'not-eligible', cautions, isDead }
      return { eligibility: isUnknown || cautions.length > 0 ? 'undecided' : 'candidate', cautions, isDead }
    },
    explain(resident, facts, day) {
      explainers ??= criteria.map(({ condition }) => explainerOf(unit, condition, context))
      asked ??= blocking.map((overlap) => overlapAsker(unit, overlap, context))
      const args = [facts.family, facts.records, undefined, day, dayNumber(day)] as const
      const record = facts.recordOf(resident.self)
      const answers = asked.flatMap((ask) => {
        const { regions, valid } = ask.overlap
        const { place } = resident.household
        const isHere = regions === undefined || regions.some((region: string) => place?.startsWith(region))
        if (!isHere || day < valid.from || (valid.to !== null && day > valid.to)) return []
        return { overlap: ask.overlap, ...ask.answer(record, ...args) }
      })
      return {
        criteria: criteria.map((criterion, at) => ({
          criterion,
          ...(explainers?.[at]?.(record, ...args) ?? { truth: undefined, deciding: [], missing: [] }),
        })),
        conflicts: answers.flatMap(({ overlap, held, certain, deciding }) =>
          held === true ? [{ overlap, certain, deciding }] : [],
        ),
        unchecked: answers.flatMap(({ overlap, held }) => (held === undefined ? [overlap] : [])),
      }
    },
  }
}

function overlapAsker(unit: Programme['unit'], overlap: Overlap, context: GenerationContext) {
  const holding = explainerOf(unit, overlap.holding, context)
  const part = overlap.part === undefined ? undefined : explainerOf('keluarga', overlap.part, context)
  return {
    overlap,
    answer(record: CanonicalRecord, family: CanonicalRecord, ...rest: [Facts['records'], undefined, string, number]) {
      const { truth, deciding } = holding(record, family, ...rest)
      const within = truth === true ? part?.(family, family, ...rest) : undefined
      // An aid that is held without the component in question blocks nothing.
      const held = within?.truth === false ? false : truth
      const certain = part === undefined || within?.truth === true
      return { held, certain, deciding: [...deciding, ...(within?.deciding ?? [])] }
    },
  }
}

/** Full keys of the variables of a condition. */
function keysOf(condition: Condition): string[] {
  if ('test' in condition) return Object.values(condition.of)
  if ('not' in condition) return keysOf(condition.not)
  if ('anyMember' in condition) return keysOf(condition.anyMember)
  return ('all' in condition ? condition.all : condition.any).flatMap(keysOf)
}

function digestOf({ name, version, unit, criteria }: Programme): string {
  const demands = criteria.map(({ code, condition }) => [code, condition])
  return createHash('sha256')
    .update(JSON.stringify([name, version, unit, demands]))
    .digest('hex')
}
