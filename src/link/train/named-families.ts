import type { CanonicalRecord } from '../../domain/entry.ts'
import type { FamilyId } from '../../domain/ids.ts'
import type { Families, Features } from '../compare/features.ts'
import { familyOf, namesFamily } from '../resolve/family.ts'
import { emptyWorld } from '../resolve/working-set.ts'
import { namesOf } from '../subjects/prepare.ts'
import { resolveSubject, type Subject } from '../subjects/subject.ts'

/** Which records of files name one family, found as the subjects would find it. */
export class NamedFamilies {
  private readonly world = emptyWorld()
  private readonly named = new Map<Features, Subject>()
  private count = 0

  /** Notes what a record names its family by; `features` is a person's. */
  note(record: CanonicalRecord, platform: string, features: Features | undefined): void {
    const names = namesOf(record, platform, (purpose, value) => `${purpose}|${value}`)
    if (!namesFamily(names)) return
    const newId = (): FamilyId => `fam_${++this.count}`
    const family = familyOf(this.world, names, undefined, 0, newId)
    if (features !== undefined) this.named.set(features, family)
  }

  /** The family of each record, once all records are noted: what led to two may have been found to be one. */
  families(): Families {
    return new Map([...this.named].map(([features, family]) => [features, resolveSubject(family).id]))
  }
}
