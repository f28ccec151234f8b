import type { FamilyId, SubjectId } from '../../../domain/ids.ts'
import type { NamedIndexes } from '../../subjects/prepare.ts'
import type { SourceRecord } from '../../subjects/source-record.ts'
import { type IdentifierKind, type Index, newSubject, type Subject } from '../../subjects/subject.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import { FamilyIds } from './family-ids.ts'

/** A family while entries are decided. */
type Family = {
  readonly stored: Subject
  cardCount: number
  isChanged: boolean
  readonly lines: Set<number>
  /** Set when it was found to be another family. */
  into: Family | undefined
  /** The family that one of its records went to; it follows when it has no record left. */
  leftFor: Family | undefined
}

/** The families that entries named, resolved for good. */
export type ResolvedFamilies = {
  ids: FamilyIds
  families: LinkedSubject[]
  /** Identifiers that lead to a family from now on. */
  identifiers: { index: Index; kind: IdentifierKind; subject: SubjectId }[]
}

/** A family's own record, under the id that the family had when the record was read or decided. */
export type FamilyRecord = { family: SubjectId; source: SourceRecord }

/**
 * Finds the family that each record names, entry by entry, and unites families (union-find). Only the step that decides
 * entries holds it; `resolve` turns it into values for the steps after.
 */
export class FamilyRegister {
  private readonly families = new Map<SubjectId, Family>()
  private readonly byIndex = new Map<Index, Family>()
  private readonly claimed = new Map<Index, IdentifierKind>()
  private readonly united: Family[] = []

  constructor(stored: Iterable<Subject> = [], identifiers: Iterable<readonly [Index, SubjectId]> = []) {
    for (const subject of stored) this.add(subject)
    for (const [index, id] of identifiers) this.byIndex.set(index, this.get(id))
  }

  /**
   * The family that a record names, made if nobody has named it before. The No. KK decides. A household key and the NIK of
   * the head lead to a family too, and unite two unless both have a No. KK: one household may hold several cards.
   * `known` is the family that a family's record belonged to so far.
   */
  familyOf(
    { kk, household, head }: NamedIndexes,
    known: SubjectId | undefined,
    line: number,
    newId: () => FamilyId,
  ): FamilyId {
    let family = this.choose(known === undefined ? undefined : resolve(this.get(known)), this.find(kk), line)
    for (const index of [household, head]) {
      const other = this.find(index)
      if (other === undefined || other === family) continue
      if (family !== undefined) {
        if (family.cardCount === 0 || other.cardCount === 0) family = this.unite(family, other, line)
      } else if (kk === undefined || other.cardCount === 0) family = other
    }
    family ??= this.add(newSubject(newId(), 'keluarga'))
    this.claim(kk, 'kk', family)
    this.claim(household, 'household', family)
    this.claim(head, 'head', family)
    return family.stored.id as FamilyId
  }

  /** Notes that a line brings a record of the family itself; tells the subject that the record goes to. */
  noteRecord(id: FamilyId, line: number): Subject {
    const family = resolve(this.get(id))
    family.lines.add(line)
    return family.stored
  }

  /** The id that a family goes by so far. */
  idOf(id: FamilyId): FamilyId {
    return resolve(this.get(id)).stored.id as FamilyId
  }

  /** Stored families that entries changed: `resolve` needs their records. */
  changedIds(): SubjectId[] {
    const changed = [...this.families.values()].filter((family) => resolve(family).lines.size > 0)
    return changed.filter(({ stored }) => !stored.isNew).map(({ stored }) => stored.id)
  }

  /** Ends the register. `records` are those of the changed families, as they stand after the chunk. */
  resolve(records: readonly FamilyRecord[]): ResolvedFamilies {
    const sources = new Map<Family, SourceRecord[]>()
    for (const { family, source } of records) {
      const owner = resolve(this.get(family))
      const own = sources.get(owner)
      if (own) own.push(source)
      else sources.set(owner, [source])
    }
    this.followRecords(sources)
    const identifiers = []
    for (const [index, kind] of this.claimed) {
      const family = this.find(index)
      if (family !== undefined) identifiers.push({ index, kind, subject: family.stored.id })
    }
    return { ids: this.ids(), families: this.linked(sources), identifiers }
  }

  private linked(sources: ReadonlyMap<Family, readonly SourceRecord[]>): LinkedSubject[] {
    const families: LinkedSubject[] = []
    for (const family of this.families.values()) {
      const { stored, cardCount, isChanged, lines } = family
      if (family.into !== undefined) continue
      families.push({ subject: { ...stored, cardCount }, sources: sources.get(family) ?? [], lines, isChanged })
    }
    return families
  }

  private ids(): FamilyIds {
    const now = new Map<FamilyId, FamilyId>()
    const added = new Set<FamilyId>()
    for (const family of this.families.values()) {
      const id = family.stored.id as FamilyId
      if (family.into !== undefined) now.set(id, resolve(family).stored.id as FamilyId)
      else if (family.stored.isNew) added.add(id)
    }
    const united = this.united.map(({ stored }) => stored.id as FamilyId)
    return new FamilyIds(now, united, added)
  }

  /** A family whose last record went to another family becomes that one. */
  private followRecords(sources: ReadonlyMap<Family, readonly SourceRecord[]>): void {
    for (const family of this.families.values()) {
      if (family.into !== undefined || family.leftFor === undefined || sources.has(family)) continue
      const survivor = resolve(family.leftFor)
      if (survivor !== family) this.absorb(survivor, family, Math.max(...family.lines))
    }
  }

  /** Where a record of `known` goes whose No. KK leads to `wanted`. */
  private choose(known: Family | undefined, wanted: Family | undefined, line: number): Family | undefined {
    if (known === undefined || known === wanted) return wanted
    if (wanted === undefined) return known
    if (known.cardCount === 0) return this.unite(known, wanted, line)
    // Both have a card: they stay two, and the record goes where its No. KK leads.
    known.leftFor = wanted
    known.lines.add(line)
    return wanted
  }

  /** Two families are one: the stored one survives, of two alike the older, whose id sorts first. */
  private unite(a: Family, b: Family, line: number): Family {
    const aSurvives = a.stored.isNew === b.stored.isNew ? a.stored.id < b.stored.id : b.stored.isNew
    return aSurvives ? this.absorb(a, b, line) : this.absorb(b, a, line)
  }

  private absorb(survivor: Family, loser: Family, line: number): Family {
    for (const touched of loser.lines) survivor.lines.add(touched)
    survivor.lines.add(line)
    survivor.cardCount += loser.cardCount
    survivor.isChanged = true
    loser.into = survivor
    if (!loser.stored.isNew) this.united.push(loser)
    return survivor
  }

  /** Lets an index lead to a family, unless it leads to one already. */
  private claim(index: Index | undefined, kind: IdentifierKind, to: Family): void {
    if (index === undefined || this.byIndex.has(index)) return
    this.byIndex.set(index, to)
    this.claimed.set(index, kind)
    if (kind === 'kk') to.cardCount += 1
    to.isChanged = true
  }

  private find(index: Index | undefined): Family | undefined {
    const family = index === undefined ? undefined : this.byIndex.get(index)
    return family && resolve(family)
  }

  private get(id: SubjectId): Family {
    const family = this.families.get(id)
    if (family === undefined) throw new Error(`a record leads to ${id}, which is not there`)
    return family
  }

  private add(stored: Subject): Family {
    const { cardCount } = stored
    const family: Family = {
      stored,
      cardCount,
      isChanged: false,
      lines: new Set(),
      into: undefined,
      leftFor: undefined,
    }
    this.families.set(stored.id, family)
    return family
  }
}

/** Whether a record says anything about the family it belongs to. */
export function namesFamily({ kk, household }: NamedIndexes): boolean {
  return kk !== undefined || household !== undefined
}

function resolve(family: Family): Family {
  let found = family
  while (found.into !== undefined) found = found.into
  return found
}
