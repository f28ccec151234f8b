import { REFERENCE_DATE } from './condition.ts'
import { PREDICATES } from './predicates/table.ts'
import type { Condition, Expression, Rule } from './rule.ts'

/** A condition that is one test. */
export type Test = Extract<Condition, { test: string }>

/** Keys of the birth date, and of the age that it can stand in for. */
export const BORN = 'individu.tanggal_lahir'
export const AGE = 'individu.umur'

/** The tests of an expression, however deep they stand. */
function testsOf({ iff, ...parts }: Expression): Test[] {
  const within = (condition: Condition): Test[] => {
    if ('test' in condition) return [condition]
    if ('not' in condition) return within(condition.not)
    if ('anyMember' in condition) return within(condition.anyMember)
    return ('all' in condition ? condition.all : condition.any).flatMap(within)
  }
  return [...Object.values(parts), ...(iff ?? [])].flatMap(within)
}

/** Whether an expression asks about the other members of the family, however deep. */
function asksMembers({ iff, ...parts }: Expression): boolean {
  const within = (condition: Condition): boolean => {
    if ('anyMember' in condition) return true
    if ('test' in condition) return PREDICATES[condition.test]?.members === true
    if ('not' in condition) return within(condition.not)
    return ('all' in condition ? condition.all : condition.any).some(within)
  }
  return [...Object.values(parts), ...(iff ?? [])].some(within)
}

/** True where the dataset carries every variable of the rule. The birth date stands in for an age that is only compared. */
export function isCarried(rule: Rule, carries: ReadonlySet<string>, hasMembers: boolean): boolean {
  if (!hasMembers && asksMembers(rule.expression ?? {})) return false
  return testsOf(rule.expression ?? {}).every(({ test, of }) => {
    const predicate = PREDICATES[test]
    return Object.values(of).every(
      (key) =>
        key === REFERENCE_DATE || carries.has(key) || (key === AGE && predicate?.numeric === true && carries.has(BORN)),
    )
  })
}
