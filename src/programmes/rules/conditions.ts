import type { Canonical } from '../../language/canonical.ts'
import { type RulePath, readCondition } from '../../language/rules/condition.ts'
import type { Condition } from '../../language/rules/rule.ts'
import type { ProgrammeSetting, Unit } from '../programme.ts'

type Complain = (place: RulePath, sentence: string) => void

/** Tests that a programme may use: each is unknown where its variable is empty, and none takes a pattern. */
const TESTS: ReadonlySet<string> = new Set([
  ...['in', 'not_in', 'in_codelist', 'gte', 'lte', 'gt', 'lt', 'lte_var', 'filled'],
  ...['age_gte', 'age_lte', 'months_gte', 'months_lt'],
])
const MOST_TESTS = 200
const DEEPEST = 16

type Reading = { canonical: Canonical; unit: Unit; settings: readonly ProgrammeSetting[]; complain: Complain }

/** Reads a written condition of a programme, its settings filled in. What is wrong goes to `complain`; the result is not to be used then. */
export function readProgrammeCondition(
  written: unknown,
  place: RulePath,
  { canonical, unit, settings, complain }: Reading,
): Condition {
  // Before anything walks down: what comes from outside may be as deep as its bytes allow.
  if (isDeeperThan(written, 2 * DEEPEST)) {
    complain(place, `Nest at most ${DEEPEST} conditions.`)
    return { all: [] }
  }
  const values = new Map(settings.map(({ name, value }) => [name, value]))
  const filled = withSettings(written, place, values, complain)
  const condition = readCondition(filled, place, { canonical, level: unit, complain })
  let tests = 0
  walk(condition, true, unit, (test, of, value, isPositive, level) => {
    tests++
    if (!TESTS.has(test)) complain(place, `Do not use "${test}": a programme may use ${[...TESTS].join(', ')}.`)
    if (test === 'filled' && value === isPositive)
      complain(
        place,
        'Do not demand an answer with "filled": an absent value is never a No. "filled: false" may excuse.',
      )
    for (const key of Object.values(of)) {
      if (level === 'keluarga' && key.startsWith('individu.'))
        complain(place, `Ask about ${key} inside any_member: a family has several persons.`)
    }
  })
  if (tests > MOST_TESTS) complain(place, `Use at most ${MOST_TESTS} tests in one condition.`)
  return condition
}

type Seen = (
  test: string,
  of: Readonly<Record<string, string>>,
  value: unknown,
  isPositive: boolean,
  level: Unit,
) => void

function walk(condition: Condition, isPositive: boolean, level: Unit, seen: Seen): void {
  if ('test' in condition) seen(condition.test, condition.of, condition.settings.value, isPositive, level)
  else if ('not' in condition) walk(condition.not, !isPositive, level, seen)
  else if ('anyMember' in condition) walk(condition.anyMember, isPositive, 'individu', seen)
  else for (const part of 'all' in condition ? condition.all : condition.any) walk(part, isPositive, level, seen)
}

function isDeeperThan(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return most === 0 || Object.values(value).some((part) => isDeeperThan(part, most - 1))
}

/** `{setting: name}` becomes the number that the setting has. */
function withSettings(
  written: unknown,
  place: RulePath,
  values: ReadonlyMap<string, number>,
  complain: Complain,
): unknown {
  if (typeof written !== 'object' || written === null) return written
  if (Array.isArray(written))
    return written.map((part, index) => withSettings(part, [...place, index], values, complain))
  const entries = Object.entries(written)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'setting') {
    const value = values.get(String(only[1]))
    if (value === undefined)
      complain(place, `There is no setting "${only[1]}". The programme has ${[...values.keys()].join(', ')}.`)
    return value ?? 0
  }
  return Object.fromEntries(entries.map(([key, part]) => [key, withSettings(part, [...place, key], values, complain)]))
}
