import type { Level } from '../../domain/entry.ts'
import { isDate } from '../../language/calendar.ts'
import type { Canonical, Variable } from '../../language/canonical.ts'
import { answersOf } from '../../language/rules/answers.ts'
import type { ReasonPlace, ResultCatalogue } from '../catalogue.ts'
import type { ResultFinding } from '../findings.ts'
import type { ResultLine } from './result-line.ts'

/** What lines are checked against; `today` is ISO, in Indonesia's latest zone. */
export type LineRules = { catalogue: ResultCatalogue; canonical: Canonical; today: string }

export type Say = (code: ResultFinding, path: string) => void

/** Makes the check of what a shape cannot say: dates, periods, reasons, programmes, fields and their codes. */
export function lineChecker({ catalogue, canonical, today }: LineRules) {
  const answers = new Map([...canonical.codelists].map(([name, list]) => [name, answersOf(list)]))
  const other = (level: Level): Level => (level === 'keluarga' ? 'individu' : 'keluarga')

  const checkReason = (code: string, place: ReasonPlace, path: string, say: Say) => {
    if (catalogue.reasons.get(code)?.of.includes(place) !== true) say('result-reason-unknown', path)
  }

  const variableOf = (level: Level, field: string, path: string, say: Say): Variable | undefined => {
    const variable = canonical.variables.get(`${level}.${field}`)
    if (variable === undefined)
      say(canonical.variables.has(`${other(level)}.${field}`) ? 'result-level' : 'result-field-unknown', path)
    return variable
  }

  const checkValue = ({ type, codelist }: Variable, value: string | number, path: string, say: Say) => {
    const list = codelist === null ? undefined : answers.get(codelist)
    if (list !== undefined) {
      if (typeof value !== 'string' || !list.has(value)) say('result-code-unknown', path)
    } else if (type === 'integer' ? !Number.isSafeInteger(value) : typeof value !== 'string') say('result-value', path)
    else if (type === 'date' && !isDate(String(value))) say('result-value', path)
  }

  return (line: ResultLine, level: Level, say: Say): void => {
    if (line.as_of > today) say('result-future', '/as_of')
    if (level === 'keluarga' && line.dukcapil != null) say('result-level', '/dukcapil')
    if (line.status !== 'active') {
      if (line.reason == null) say('result-reason-missing', '/reason')
      else checkReason(line.reason, line.status, '/reason', say)
    } else if (line.reason != null) say('result-reason-unknown', '/reason')
    const levels = new Set<string>()
    for (const [at, decile] of (line.deciles ?? []).entries()) {
      if (!hasBegun(decile.period, today)) say('result-period', `/deciles/${at}/period`)
      if (levels.has(decile.level)) say('result-decile-twice', `/deciles/${at}/level`)
      levels.add(decile.level)
    }
    for (const [at, { programme, from, to }] of (line.memberships ?? []).entries()) {
      if (!catalogue.programmes.has(programme)) say('result-programme-unknown', `/memberships/${at}/programme`)
      if (to !== null && to < from) say('result-membership-dates', `/memberships/${at}/to`)
    }
    for (const [at, { field, value, reason }] of (line.corrections ?? []).entries()) {
      const variable = variableOf(level, field, `/corrections/${at}/field`, say)
      if (variable !== undefined) checkValue(variable, value, `/corrections/${at}/value`, say)
      checkReason(reason, 'correction', `/corrections/${at}/reason`, say)
    }
    for (const [at, { field, reason }] of (line.mend ?? []).entries()) {
      if (field !== undefined) variableOf(level, field, `/mend/${at}/field`, say)
      checkReason(reason, 'mend', `/mend/${at}/reason`, say)
    }
  }
}

/** Whether a year and quarter (`2026-Q3`) has begun by a day. */
export function hasBegun(period: string, today: string): boolean {
  const [, year, quarter] = /^([0-9]{4})-Q([1-4])$/.exec(period) ?? []
  if (year === undefined || Number(year) < 2000) return false
  const month = String((Number(quarter) - 1) * 3 + 1).padStart(2, '0')
  return `${year}-${month}-01` <= today
}
