import type { FamilyId } from '../../../domain/ids.ts'
import type { Redirect } from '../../subjects/subject.ts'

/** Which family each id means after the chunk's entries were decided. It never changes. */
export class FamilyIds {
  /** Stored families that were found to be others, in the order of finding. */
  readonly united: readonly FamilyId[]
  private readonly ids: ReadonlyMap<FamilyId, FamilyId>
  private readonly added: ReadonlySet<FamilyId>

  constructor(
    ids: ReadonlyMap<FamilyId, FamilyId> = new Map(),
    united: readonly FamilyId[] = [],
    added: ReadonlySet<FamilyId> = new Set(),
  ) {
    this.ids = ids
    this.united = united
    this.added = added
  }

  /** The id that a family goes by now. */
  readonly now = (id: FamilyId): FamilyId => this.ids.get(id) ?? id

  /** Stored families, each with the one that it lives on as. */
  redirects(): Redirect[] {
    return this.united.map((id) => ({ from: id, into: this.now(id) }))
  }

  /** The ids under which these families are stored, those of families united with them too. */
  storedAs(families: readonly FamilyId[]): FamilyId[] {
    const wanted = new Set(families)
    return [...families, ...this.united.filter((id) => wanted.has(this.now(id)))].filter((id) => !this.added.has(id))
  }

  /** Whether the chunk brought the family: nothing is stored under its id yet. */
  isNew(id: FamilyId): boolean {
    return this.added.has(id)
  }
}

/** Where no entry names a family: each keeps its id. */
export const FAMILIES_AS_STORED = new FamilyIds()
