import type { Features } from '../compare/features.ts'
import type { Model } from '../score/model.ts'
import { meet } from './blocking.ts'
import { isNumbered } from './neighbours.ts'

/**
 * Whether two records are compared when one of them comes after the other: by a block they share, or as relatives of whom no NIK
 * tells one. Others that a third record brings together by chance are not: whether it does may hang on what came first.
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
