import type { Dice } from './dice.ts'
import type { Day, Family, Person, Village } from './people.ts'

/** What namesakes have in common: a common name and a birth date. */
export type Namesake = { name: string; female: boolean; birth: Day; villages: Set<Village> }

const POOL = 10
const DEFAULTS = [
  { month: 1, day: 1 },
  { month: 7, day: 1 },
  { month: 12, day: 31 },
]

/** A few common names, each with a birth date, that heads of several villages share as those of the sample do. */
export function namesakesOf(families: readonly Family[], dice: Dice): Namesake[] {
  const heads = families.flatMap(({ members: [head] }) => (head && head.birth.year < 1985 ? [head] : []))
  const byName = Map.groupBy(heads, ({ name }) => name)
  const common = [...byName.values()].sort((a, b) => b.length - a.length).slice(0, 3 * POOL)
  return Array.from({ length: POOL }, () => ofBearer(dice.pick(dice.pick(common) as [Person, ...Person[]]), dice))
}

function ofBearer({ name, female, birth }: Person, dice: Dice): Namesake {
  const day = dice.happens(0.4) ? { year: birth.year, ...dice.pick(DEFAULTS) } : birth
  return { name, female, birth: day, villages: new Set() }
}
