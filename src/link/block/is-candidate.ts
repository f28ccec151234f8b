import type { Features } from '../compare/features.ts'
import type { Model } from '../score/model.ts'
import { meet } from './blocking.ts'
import { isNumbered } from './neighbours.ts'

/**
 * Whether two records are candidates for each other: they share a block, or are relatives of whom no NIK tells one. Two that
 * are only in one component through a third record are not compared: that could depend on which record came first.
 */
export function areCompared(
  a: Features,
  b: Features,
  model: Pick<Model, 'keys' | 'namedKeys'>,
  isOneFamily: boolean | undefined,
): boolean {
  if (a.nik !== undefined && a.nik === b.nik) return true
  return (isOneFamily === true && (!isNumbered(a) || !isNumbered(b))) || meet(a, b, model)
}
