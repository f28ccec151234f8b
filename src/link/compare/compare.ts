import { HEAD_OF_FAMILY, SPOUSE } from '../../domain/codes.ts'
import { districtOfNik } from '../../domain/nik.ts'
import { compareAddresses } from './address.ts'
import { compareNames, NAME_LEVELS, type NameLevel } from './compare-names.ts'
import { type BirthDate, type Features, isDefaultDay } from './features.ts'
import { jaroWinkler } from './jaro-winkler.ts'
import { areOfTwo, isNumberSlip, sayOneDay, saysBirth } from './nik.ts'

const CLOSE = 0.88
// Head and spouse: of no other relation is there one alone.
const SOLE: readonly string[] = [HEAD_OF_FAMILY, SPOUSE]

/** The fields that are compared, each with its levels from no agreement to full; a missing value has no level. */
export const COMPARISONS = {
  name: NAME_LEVELS,
  birth: ['apart', 'near-default', 'default', 'off', 'swapped', 'equal-default', 'equal'],
  sex: ['apart', 'equal'],
  nik: ['apart', 'transposed', 'equal'],
  family: ['other-kk', 'apart', 'equal', 'kk'],
  place: ['apart', 'regency', 'district', 'village-other-address', 'village', 'hamlet', 'house'],
  relation: ['apart', 'equal'],
  source: ['other-list', 'other-source'],
} as const
export type Field = keyof typeof COMPARISONS
export const FIELDS = Object.keys(COMPARISONS) as Field[]

/** Levels of a text of the source that a model compares besides. */
export const EXTRA_LEVELS = ['apart', 'close', 'equal'] as const

/** The name of a level of a field. */
export function levelName(field: string, level: number): string {
  return (COMPARISONS[field as Field] ?? EXTRA_LEVELS)[level] ?? ''
}

/** The level of each field, by its name; absent where one of the two is unknown. */
type Levels = Record<string, number>

/** How the features of two records agree, the words in which the names do, and whether they must be two people all the same. */
export type Comparison = { levels: Levels; words: string[]; areTwins: boolean }

/** Compares the features of two records field by field, and in the extras that are named. `isOneFamily` if their records name one, false if two. */
export function compare(a: Features, b: Features, extras: readonly string[] = [], isOneFamily?: boolean): Comparison {
  const levels: Levels = {}
  const set = (field: string, level: number | undefined) => {
    if (level !== undefined) levels[field] = level
  }
  const name = compareNames(a.words, b.words)
  const family = compareFamilies(a, b, isOneFamily)
  const areRelatives = family === 'equal' || family === 'kk'
  const areNear = areRelatives || (a.village !== undefined && a.village === b.village)
  if (a.words.length > 0 && b.words.length > 0) set('name', COMPARISONS.name.indexOf(name.level))
  if (a.birth && b.birth) set('birth', COMPARISONS.birth.indexOf(compareBirths(a.birth, b.birth)))
  set('sex', same(a.sex, b.sex))
  set('nik', compareNiks(a, b, areNear))
  const source = compareSources(a, b)
  // A source makes one list a family, so its lists differ in family anyway.
  if (family !== undefined && (areRelatives || source !== 'other-list'))
    set('family', COMPARISONS.family.indexOf(family))
  // Relatives share their place: it is no evidence of its own.
  if (!areRelatives) set('place', comparePlaces(a, b))
  set('relation', same(a.relation, b.relation))
  if (source !== undefined) set('source', COMPARISONS.source.indexOf(source))
  for (const extra of extras) set(extra, compareExtras(a.extras[extra], b.extras[extra]))
  return { levels, words: name.words, areTwins: areTwins(a, b, name.level, areNear) }
}

/** A source that keeps lists of people seldom has one person on two of them. Two of one list are judged by `areTwins`. */
function compareSources(a: Features, b: Features): (typeof COMPARISONS.source)[number] | undefined {
  if (a.list === undefined || b.list === undefined || a.list === b.list) return undefined
  return a.source === b.source ? 'other-list' : 'other-source'
}

function compareExtras(a: string | undefined, b: string | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined
  if (a === b) return EXTRA_LEVELS.indexOf('equal')
  const isClose = a.length > 3 && b.length > 3 && jaroWinkler(a, b) >= CLOSE
  return EXTRA_LEVELS.indexOf(isClose ? 'close' : 'apart')
}

function same(a: string | undefined, b: string | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Number(a === b)
}

function compareBirths(a: BirthDate, b: BirthDate): (typeof COMPARISONS.birth)[number] {
  const isSameDay = a.month === b.month && a.day === b.day
  const years = Math.abs(a.year - b.year)
  if (isSameDay && years === 0) return isDefaultDay(a) ? 'equal-default' : 'equal'
  if (years === 0 && a.month === b.day && a.day === b.month) return 'swapped'
  if (isSameDay && (years === 1 || years === 10)) return 'off'
  if (digitsApart(a, b) === 1) return 'off'
  if (isDefaultDay(a) || isDefaultDay(b)) return years === 0 ? 'default' : years <= 2 ? 'near-default' : 'apart'
  return 'apart'
}

function digitsApart(a: BirthDate, b: BirthDate): number {
  const [textA, textB] = [a, b].map(({ year, month, day }) => String(year * 10000 + month * 100 + day))
  let apart = 0
  for (let i = 0; i < 8; i++) if (textA?.[i] !== textB?.[i]) apart += 1
  return apart
}

/**
 * Whether two records are known to be two people. Twins agree in nearly all that is compared, which no model of chance expects.
 * Two NIKs of one birth date and sex are two people, and so are two members of one list with one birth date and other names.
 * A member whom the list has twice, once mistyped, is none: the NIK is the same, or both are head or spouse, of whom there is one
 * (Regsosek 2022, question 409).
 */
function areTwins(a: Features, b: Features, name: NameLevel, areNear: boolean): boolean {
  const isNameSame = name === 'equal' || name === 'sound'
  // A name that was shortened is no other name.
  const isNameKept = isNameSame || name === 'compatible'
  const isSlip = a.nik !== undefined && b.nik !== undefined && isNumberSlip(a.nik, b.nik)
  if (a.nik !== undefined && b.nik !== undefined && a.nik !== b.nik && sayOneDay(a.nik, b.nik)) {
    if (areOfTwo(a.nik, b.nik)) return true
    if (isSlip && districtOfNik(a.nik) === districtOfNik(b.nik)) return !(isNameKept && areNear)
    return !isSlip && !areNear
  }
  if (a.list === undefined || a.list !== b.list || isNameSame) return false
  if (a.relation === b.relation && SOLE.includes(a.relation ?? '')) return false
  if (isNameKept && !haveOwnNumbers(a, b)) return false
  const isNameClose = NAME_LEVELS.indexOf(name) >= NAME_LEVELS.indexOf('close')
  if (isNameClose && a.nik !== undefined && (a.nik === b.nik || isSlip)) return false
  return a.birth !== undefined && b.birth !== undefined && compareBirths(a.birth, b.birth).startsWith('equal')
}

/** Whether each NIK says its bearer's birth date: then neither was taken from somebody else. */
function haveOwnNumbers(a: Features, b: Features): boolean {
  if (a.nik === undefined || b.nik === undefined) return false
  return [a, b].every(({ nik = '', birth }) => birth === undefined || saysBirth(nik, birth))
}

/** Two digits exchanged are a typing error. In the district (01 for 10) they may be a namesake's, unless the two records are near. */
function compareNiks(a: Features, b: Features, areNear: boolean): number | undefined {
  if (a.nik === undefined || b.nik === undefined) return undefined
  if (a.nik === b.nik) return COMPARISONS.nik.indexOf('equal')
  const isOfBirth = !sayOneDay(a.nik, b.nik)
  const isSlip = isNumberSlip(a.nik, b.nik) && (isOfBirth || areNear)
  if (isSlip) return COMPARISONS.nik.indexOf('transposed')
  // A NIK that contradicts its bearer's birth date may be another person's: it speaks against nobody.
  return haveOwnNumbers(a, b) ? COMPARISONS.nik.indexOf('apart') : undefined
}

function compareFamilies(
  a: Features,
  b: Features,
  isOneFamily: boolean | undefined,
): (typeof COMPARISONS.family)[number] | undefined {
  if (a.kk !== undefined && b.kk !== undefined) return a.kk === b.kk ? 'kk' : 'other-kk'
  if (isOneFamily === undefined) return undefined
  return isOneFamily ? 'equal' : 'apart'
}

function comparePlaces(a: Features, b: Features): number | undefined {
  const level = (name: (typeof COMPARISONS.place)[number]) => COMPARISONS.place.indexOf(name)
  if (a.village === undefined || b.village === undefined) return undefined
  if (a.village === b.village) {
    if (a.address === undefined || b.address === undefined) return level('village')
    const agreement = compareAddresses(a.address, b.address)
    return level(agreement === 'other' ? 'village-other-address' : agreement)
  }
  if (a.village.slice(0, 7) === b.village.slice(0, 7)) return level('district')
  return level(a.village.slice(0, 4) === b.village.slice(0, 4) ? 'regency' : 'apart')
}
