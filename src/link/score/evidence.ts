import { COMPARISONS, type Comparison, compare } from '../compare/compare.ts'
import type { Features } from '../compare/features.ts'
import { type Model, scoreOf } from './model.ts'
import type { Thresholds } from './model-file.ts'
import type { Override } from './overrides.ts'

/** By what two records are judged: the model, and where its bits part same, unsure and different. */
export type ScoringModel = { version: string; model: Model; thresholds: Thresholds }

/** What speaks for one person, in bits, and whether a steward should look if the two stay apart. */
export type Evidence = { weight: number; isPossible: boolean; override?: Override }

const NIK_TRANSPOSED = COMPARISONS.nik.indexOf('transposed')
const NIK_EQUAL = COMPARISONS.nik.indexOf('equal')
const BIRTH_APART = COMPARISONS.birth.indexOf('apart')
const BIRTH_EQUAL = COMPARISONS.birth.indexOf('equal')
const BIRTH_DEFAULT = COMPARISONS.birth.indexOf('equal-default')
const ONE_FAMILY = COMPARISONS.family.indexOf('equal')
const OTHER_LIST = COMPARISONS.source.indexOf('other-list')
const SAME_DISTRICT = COMPARISONS.place.indexOf('district')
const NAME_APART = COMPARISONS.name.indexOf('apart')
const NAMES_PART: readonly number[] = [NAME_APART, COMPARISONS.name.indexOf('some')]
const HAIR = 0.01

/**
 * Weighs the features of two records. A NIK is strong evidence and no proof: with a contradicting name and birth date it never joins two
 * records, nor with another name does one that has two digits exchanged. A NIK that two of different names share is a possible match,
 * however little else speaks for one person. Two members of one list are two people by the word of their source, and so are
 * two of one family of other names, births and sexes or relations, one of whom was given the other's number: nobody need
 * be asked.
 */
export function evidenceOf(
  a: Features,
  b: Features,
  { model, thresholds }: ScoringModel,
  isOneFamily?: boolean,
): Evidence {
  const comparison = compare(a, b, model.extras, isOneFamily)
  const { levels } = comparison
  const isNikShared = levels.nik === NIK_EQUAL
  const doNamesPart = levels.name !== undefined && NAMES_PART.includes(levels.name)
  const score = scoreOf(comparison, model)
  const isSlipped = levels.nik === NIK_TRANSPOSED && levels.name === NAME_APART
  const isContradicted = isSlipped || (isNikShared && doNamesPart && levels.birth === BIRTH_APART)
  const isListed = a.list !== undefined && a.list === b.list && doNamesPart
  const isElseAlike = levels.sex !== 0 && levels.relation !== 0
  const areOfOneFamily = isNikShared && isContradicted && (levels.family ?? 0) >= ONE_FAMILY && !isElseAlike
  const isPossible = !isListed && !areOfOneFamily && (score >= thresholds.unsure || isNikShared)
  if (comparison.areTwins) return { weight: score, isPossible, override: 'twins' }
  if (isContradicted) return { weight: Math.min(score, thresholds.same - HAIR), isPossible, override: 'contradicted' }
  // No pair that is surer may bring these together either.
  if (areNamesakes(a, b, levels))
    return { weight: Math.min(score, thresholds.apart), isPossible, override: 'namesakes' }
  // Of two family cards, or two lists of one source, and not sure by themselves: no third record brings them together.
  if (areElsewhere(a, b, levels, model) && score < thresholds.same)
    return { weight: Math.min(score, thresholds.apart), isPossible, override: 'elsewhere' }
  return { weight: score, isPossible }
}

/** A second list of one source tells something only where the model has learnt that it seldom has a person twice. */
function areElsewhere(a: Features, b: Features, { source }: Comparison['levels'], { fields }: Model): boolean {
  if (haveOtherCards(a, b)) return true
  const { m = [], u = [] } = fields.source ?? {}
  return source === OTHER_LIST && (m[OTHER_LIST] ?? 1) < (u[OTHER_LIST] ?? 1)
}

/**
 * A common name and a birth date come together more often than chance alone has it. So of number, family card and village two
 * that part tell a namesake, and so do two cards and two birth dates, however close. Elsewhere a birth date is less in common,
 * if it is a day that registers write when they know the year alone.
 */
function areNamesakes(a: Features, b: Features, { place, nik, birth }: Comparison['levels']): boolean {
  if (nik !== undefined && nik >= NIK_TRANSPOSED) return false
  const isElsewhere = place !== undefined && place <= SAME_DISTRICT
  const doCardsPart = haveOtherCards(a, b)
  if (doCardsPart && birth !== BIRTH_EQUAL) return true
  const parting = [nik !== undefined, doCardsPart, isElsewhere]
  return parting.filter(Boolean).length > 1 || (isElsewhere && birth === BIRTH_DEFAULT)
}

function haveOtherCards(a: Features, b: Features): boolean {
  return a.kk !== undefined && b.kk !== undefined && a.kk !== b.kk
}
