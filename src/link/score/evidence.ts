import { COMPARISONS, type Comparison, compare } from '../compare/compare.ts'
import type { Features } from '../compare/features.ts'
import { type Model, scoreOf } from './model.ts'
import type { ModelFile } from './model-file.ts'
import type { Override } from './overrides.ts'

/** How two records are judged: the model, and the match weights from which they are one person, a possible match, or kept apart. */
export type ScoringModel = Pick<ModelFile, 'version' | 'records' | 'thresholds'> & { model: Model }

/** The match weight of two records in bits, the rule that changed it if one did, and whether a steward is asked if they stay apart. */
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
// So much under the threshold a pair joins nobody by itself.
const JUST_UNDER = 0.01

/**
 * Weighs the features of two records. The match weight is the model's score, lowered where a rule knows better:
 *
 * - twins: one birth date, but other NIKs, or other names on one list.
 * - contradicted: one NIK, but other names and birth dates. A NIK is strong evidence, but no proof.
 * - namesakes: two of NIK, family card and village differ, or the card and the birth date.
 * - elsewhere: other cards, or two lists of one source; not sure by itself, so no third record may join the two.
 *
 * A pair is a possible match from the threshold `unsure` on, or when the two share a NIK. Two members of one list under
 * other names are none: their source says that they are two people. Nor are two of one family who share a NIK but differ
 * in name, birth date, and sex or relation: the one was given the other's number.
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
  if (isContradicted)
    return { weight: Math.min(score, thresholds.same - JUST_UNDER), isPossible, override: 'contradicted' }
  // At `apart` the pair also keeps groups from each other: no surer pair brings namesakes together.
  if (areNamesakes(a, b, levels))
    return { weight: Math.min(score, thresholds.apart), isPossible, override: 'namesakes' }
  // A pair that is sure by itself still joins; another is kept from being joined by a third record.
  if (areElsewhere(a, b, levels, model) && score < thresholds.same)
    return { weight: Math.min(score, thresholds.apart), isPossible, override: 'elsewhere' }
  return { weight: score, isPossible }
}

/** Two cards, or two lists of one source. Lists count only where the model has learnt that the source seldom has a person twice. */
function areElsewhere(a: Features, b: Features, { source }: Comparison['levels'], { fields }: Model): boolean {
  if (haveOtherCards(a, b)) return true
  const { m = [], u = [] } = fields.source ?? {}
  return source === OTHER_LIST && (m[OTHER_LIST] ?? 1) < (u[OTHER_LIST] ?? 1)
}

/**
 * Whether two records are namesakes, in spite of a name and perhaps a birth date in common: those come together more often
 * than chance predicts. They are if two of NIK, family card and village differ, or the cards and the birth dates, however
 * close. Outside one village they also are if the birth date is a default day, which registers write when only the year is known.
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
