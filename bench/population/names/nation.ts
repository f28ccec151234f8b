import { type Dice, diceOf } from '../dice.ts'
import { type Bearer, type Culture, isOldName, type Naming, nameFor, tableOf } from './naming.ts'

/** The common full names of a people, by age and sex, the commonest first. */
export type CommonNames = ReadonlyMap<string, readonly string[]>

// Two thirds of a nation bear one of a few thousand names.
const COMMON_SHARE = 2 / 3
const NAMES_OF_A_LIST = 300
const SEED = 17
const YEARS = { old: 1955, young: 1995 }
// Of the old every other common name is of one word, of the young every fourth.
const ONE_WORD_EACH = { old: 2, young: 4 }
const CULTURES = ['javanese', 'sundanese', 'jakartan'] as const

/** Draws the common names: every population of the nation has the same. Names of Bali and of the Batak are few as they are. */
export function commonNames(): CommonNames {
  const lists = new Map<string, readonly string[]>()
  for (const culture of CULTURES)
    for (const age of ['old', 'young'] as const)
      for (const female of [true, false]) lists.set(listOf(culture, female, YEARS[age]), namesOf(culture, female, age))
  return lists
}

/** A name as it stands on the identity card, drawn as often as it is borne in the nation. */
export function nationalName(naming: Naming, bearer: Bearer, common: CommonNames, dice: Dice): string {
  const list = common.get(listOf(naming.culture, bearer.female, bearer.year))
  return list !== undefined && dice.happens(COMMON_SHARE) ? dice.common(list) : nameFor(naming, bearer, dice)
}

function listOf(culture: Culture, female: boolean, year: number): string {
  return `${culture}|${female}|${isOldName(year)}`
}

function namesOf(culture: Culture, female: boolean, age: 'old' | 'young'): string[] {
  const dice = diceOf(SEED)
  const alone = [...(tableOf(culture)?.alone[age][female ? 'female' : 'male'] ?? [])]
  const names = new Set<string>()
  for (let at = 0; names.size < NAMES_OF_A_LIST; at++) {
    const single = at % ONE_WORD_EACH[age] === 0 ? alone.shift()?.replace('_', ' ') : undefined
    names.add(single ?? nameFor({ culture, clan: '', isHighborn: false }, { female, year: YEARS[age], order: 0 }, dice))
  }
  return [...names]
}
