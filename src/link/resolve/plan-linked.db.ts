import type { PoolClient } from 'pg'
import type { Change } from '../../domain/change.ts'
import type { DeliveryLine } from '../../domain/golden.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import type { Index, LastSeen } from '../subjects/subject.ts'
import type { BlockingChanges, ChunkChanges } from './chunk-changes.ts'
import type { RecordChange } from './entries/decide.ts'
import { FAMILIES_AS_STORED } from './families/family-ids.ts'
import type { ResolvedFamilies } from './families/family-register.ts'
import type { ChunkContent, LinkDeps } from './link-deps.db.ts'
import { idsLeadingTo } from './merged-ids.db.ts'
import type { FoundPersons } from './persons/find-persons.db.ts'
import { sourceWrites } from './save.db.ts'
import { type Told, tell } from './tell/tell.db.ts'
import { type WithdrawnSubject, withdrawnLines } from './tell/withdrawn-lines.ts'

/** All that was found out about a chunk, not yet told. */
export type LinkedChunk = {
  families: ResolvedFamilies
  changes: ReadonlyMap<Index, RecordChange>
  lastSeen: ReadonlyMap<Index, LastSeen>
  persons: FoundPersons
  blocking: BlockingChanges
  /** Subjects of which nothing is left. */
  withdrawn: readonly WithdrawnSubject[]
  /** Subjects that a record was taken from. */
  lost: readonly SubjectId[]
}

export const NOTHING_BROUGHT: Omit<LinkedChunk, 'persons'> = {
  families: { ids: FAMILIES_AS_STORED, families: [], identifiers: [] },
  changes: new Map(),
  lastSeen: new Map(),
  blocking: { added: [], removed: [], renumbered: [] },
  withdrawn: [],
  lost: [],
}

/** What is to be written of a chunk, and what BPS is to be told. */
export type LinkedPlan = { changes: ChunkChanges; lines: DeliveryLine[]; beside: Change[] } & Pick<Told, 'unplaced'>

/** Merges the golden records, and says what is to be written and told. It writes nothing. */
export async function planLinked<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { families, changes, lastSeen, persons, blocking, withdrawn }: LinkedChunk,
  { index, seal, open }: Pick<ChunkContent, 'index' | 'seal' | 'open'>,
): Promise<LinkedPlan> {
  const { survivorship, coverage, regionOf, registerOf, vault } = deps
  const linked = [...families.families, ...persons.persons]
  const redirects = [...families.ids.redirects(), ...persons.merged, ...persons.redirected]
  const merged = await idsLeadingTo(tx, linked, redirects, persons.revived)
  const { lines, beside, subjects, ended, unplaced } = await tell(
    tx,
    { families: families.families, persons: persons.persons, redirects, merged, revived: persons.revived },
    {
      ...{
        batch: chunk.batch,
        survivorship,
        coverage,
        index,
        lastingOf: vault.lastingOf,
        lastingText: vault.lastingText,
      },
      ...{ regionOf, registerOf, familyNow: families.ids.now, open },
    },
  )
  const sources = sourceWrites(changes, { persons: persons.persons, families: families.ids }, seal)
  const { moves, reviews } = persons
  const { identifiers } = families
  return {
    changes: { subjects, redirects, ended, ...sources, moves, identifiers, lastSeen, blocking, reviews },
    lines: [...lines, ...withdrawnLines(withdrawn, chunk.batch)],
    beside,
    unplaced,
  }
}
