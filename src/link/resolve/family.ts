import type { FamilyId } from '../../domain/ids.ts'
import type { Named } from '../subjects/prepare.ts'
import type { Subject } from '../subjects/subject.ts'
import { addSubject, claimIndex, findSubject, settle, unite, type World } from './working-set.ts'

/**
 * The family that a record names, made if nobody has named it before. The No. KK decides; a household key and the NIK of the
 * head lead to a family too, and join two families unless both have a No. KK of their own: a household may hold several.
 */
export function familyOf(
  world: World,
  { kk, household, head }: Named,
  known: Subject | undefined,
  line: number,
  newId: () => FamilyId,
): Subject {
  let family = settle(world, known, findSubject(world, kk), line)
  for (const index of [household, head]) {
    const other = findSubject(world, index)
    if (other === undefined || other === family) continue
    if (family !== undefined) {
      if (family.cardCount === 0 || other.cardCount === 0) family = unite(world, family, other, line)
    } else if (kk === undefined || other.cardCount === 0) family = other
  }
  family ??= addSubject(world, newId(), 'keluarga')
  claimIndex(world, kk, 'kk', family)
  claimIndex(world, household, 'household', family)
  claimIndex(world, head, 'head', family)
  return family
}

/** Whether a record says anything about the family it belongs to. */
export function namesFamily({ kk, household }: Named): boolean {
  return kk !== undefined || household !== undefined
}
