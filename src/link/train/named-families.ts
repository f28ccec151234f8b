import type { CanonicalRecord } from '../../domain/entry.ts'
import type { FamilyId } from '../../domain/ids.ts'
import type { FamilyOfFeatures, Features } from '../compare/features.ts'
import { FamilyRegister, namesFamily } from '../resolve/families/family-register.ts'
import { namedIndexesOf } from '../subjects/prepare.ts'

/** Which records of files name one family, found as linking finds it. */
export class NamedFamilies {
  private readonly register = new FamilyRegister()
  private readonly named = new Map<Features, FamilyId>()
  private count = 0

  /** Notes what a record names its family by; `features` is a person's. */
  note(record: CanonicalRecord, platform: string, features: Features | undefined): void {
    const names = namedIndexesOf(record, platform, (purpose, value) => `${purpose}|${value}`)
    if (!namesFamily(names)) return
    const newId = (): FamilyId => `fam_${++this.count}`
    const family = this.register.familyOf(names, undefined, 0, newId)
    if (features !== undefined) this.named.set(features, family)
  }

  /** The family of each record, once all records are noted: two families may have been united since. */
  families(): FamilyOfFeatures {
    return new Map([...this.named].map(([features, family]) => [features, this.register.idOf(family)]))
  }
}
