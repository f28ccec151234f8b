import { COMPARISONS, compare } from './compare.ts'
import { type Model, scoreOf } from './model.ts'
import type { Thresholds } from './model-file.ts'
import type { Portrait } from './portrait.ts'

/** By what two records are judged: the model, and where its bits part same, unsure and different. */
export type Yardstick = { version: string; model: Model; thresholds: Thresholds }

/** What speaks for one person, in bits, and whether a steward should look if the two stay apart. */
export type Evidence = { bits: number; isDoubt: boolean }

const NIK_EQUAL = COMPARISONS.nik.indexOf('equal')
const BIRTH_APART = COMPARISONS.birth.indexOf('apart')
const NAMES_PART: readonly number[] = [COMPARISONS.name.indexOf('apart'), COMPARISONS.name.indexOf('some')]
const HAIR = 0.01

/**
 * Weighs two portraits. A NIK is strong evidence and no proof: with a contradicting name and birth date it never joins two
 * records, and a NIK that two of different names share is a doubt, however little else speaks for one person. Two members of
 * one list are two people by the word of their source; nobody need be asked.
 */
export function evidenceOf(a: Portrait, b: Portrait, { model, thresholds }: Yardstick): Evidence {
  const comparison = compare(a, b, model.extras)
  const { levels } = comparison
  const isNikShared = levels.nik === NIK_EQUAL
  const doNamesPart = levels.name !== undefined && NAMES_PART.includes(levels.name)
  const score = scoreOf(comparison, model)
  const isContradicted = isNikShared && doNamesPart && levels.birth === BIRTH_APART
  const bits = isContradicted ? Math.min(score, thresholds.same - HAIR) : score
  const isListed = a.list !== undefined && a.list === b.list && doNamesPart
  return { bits, isDoubt: !isListed && (bits >= thresholds.unsure || isNikShared) }
}
