import type { Dice } from '../dice.ts'
import { balineseName } from './balinese.ts'
import { batakClan, batakName } from './batak.ts'
import { JAKARTAN } from './jakartan.ts'
import { JAVANESE } from './javanese.ts'
import { SUNDANESE } from './sundanese.ts'
import type { NameTable } from './table.ts'

/** The people a family's names come from; the clan or caste is common to the family. */
export type Culture = 'javanese' | 'sundanese' | 'balinese' | 'jakartan' | 'batak'
export type Naming = { culture: Culture; clan: string; isHighborn: boolean }

/** What a name is drawn for; `order` counts the children from 0. */
export type Bearer = { female: boolean; year: number; order: number }

const PEOPLES: Record<string, Partial<Record<Culture, number>>> = {
  '31': { jakartan: 0.5, javanese: 0.27, sundanese: 0.15, batak: 0.06, balinese: 0.02 },
  '3510': { javanese: 0.94, balinese: 0.04, sundanese: 0.02 },
  '3211': { sundanese: 0.94, javanese: 0.05, batak: 0.01 },
  '5101': { balinese: 0.7, javanese: 0.29, sundanese: 0.01 },
}
const TABLES: Partial<Record<Culture, NameTable>> = { javanese: JAVANESE, sundanese: SUNDANESE, jakartan: JAKARTAN }
const YOUNG = 1975

/** The words that the names of a people are made of; undefined where they follow rules of their own. */
export function tableOf(culture: Culture): NameTable | undefined {
  return TABLES[culture]
}

/** Whether a name of a year of birth is one of the older kind. */
export function isOldName(year: number): boolean {
  return year < YOUNG
}

/** Of which people a family of a region is. */
export function namingOf(region: string, dice: Dice): Naming {
  const culture = dice.weighted(PEOPLES[region] as Record<Culture, number>)
  return { culture, clan: batakClan(dice), isHighborn: dice.happens(0.13) }
}

/** A name as it stands on the identity card. */
export function nameFor({ culture, clan, isHighborn }: Naming, bearer: Bearer, dice: Dice): string {
  const { female, year, order } = bearer
  const isOld = isOldName(year)
  if (culture === 'batak') return batakName(female, clan, dice)
  if (culture === 'balinese') return balineseName(female, isOld, order, isHighborn, dice)
  const table = tableOf(culture) ?? JAVANESE
  return withExtras(plainName(table, female, isOld, dice), table, { female, isOld }, dice)
}

function plainName(table: NameTable, female: boolean, isOld: boolean, dice: Dice): string[] {
  const [age, sex] = [isOld ? 'old' : 'young', female ? 'female' : 'male'] as const
  const shares = table.shares[age]
  if (dice.happens(shares.alone)) return spaced(dice.common(table.alone[age][sex]))
  const name = [...spaced(dice.common(table.first[age][sex]))]
  if (dice.happens(shares.long)) name.push(dice.common(table.first.young[sex], 0.4))
  name.push(dice.common(table.last[age][sex], 0.5))
  return [...new Set(name)]
}

function withExtras(
  name: readonly string[],
  { before }: NameTable,
  { female, isOld }: { female: boolean; isOld: boolean },
  dice: Dice,
): string {
  const words = [...name]
  if (words.length < 3 && dice.happens(before.share)) words.unshift(dice.common(female ? before.female : before.male))
  const whole = [...new Set(words)].join(' ')
  return isOld && dice.happens(0.015) ? `${female ? 'HJ.' : 'H.'} ${whole}` : whole
}

/** A table writes a name of two words with a line between them. */
function spaced(word: string): string[] {
  return word.split('_')
}
