import type { CanonicalRecord } from '../../domain/entry.ts'
import type { BatchId, FamilyId, SubjectId } from '../../domain/ids.ts'
import type { ReviewChanges } from '../cluster/possible-matches.ts'
import type { Incoming } from '../subjects/prepare.ts'
import {
  type BlockingKey,
  freshSubject,
  type IdentifierKind,
  type Index,
  type LastSeen,
  resolveSubject,
  type Source,
  type Subject,
} from '../subjects/subject.ts'

/** How a source record stood before this entry. */
type Stored = {
  subject: Subject
  content: Index
  receiptOrder: bigint
  batch: string
  line: number
}

/** What of the subjects a chunk touches: read before, decided upon in memory, written after. */
export type World = {
  stored: Map<Index, Stored>
  keyConflicts: Map<Index, LastSeen>
  /** Keys that this chunk has brought already, and on which line. */
  met: Map<Index, number>
  identifiers: Map<Index, Subject>
  subjects: Map<SubjectId, Subject>
  /** Source records to be written, by key. */
  changes: Map<Index, Change>
  added: Map<Index, IdentifierKind>
  /** What records said before that are written anew, by key. */
  former: Map<Index, () => CanonicalRecord>
  /** Records that no entry of this chunk brings and that go to another subject. */
  moves: Map<Index, Subject>
  /** Subjects that a merge had ended and that are redirected now. */
  redirects: { from: SubjectId; into: Subject }[]
  blocking: Blocking
  reviews: ReviewChanges
  /** Last-seen places to be written. */
  lastSeen: Map<Index, LastSeen>
  /** Subjects of the database that were found to be others, in the order of finding. */
  united: Subject[]
}

/** Blocking keys to be written and deleted. */
type Blocking = { added: { key: BlockingKey; record: Index }[]; removed: { key: BlockingKey; record: Index }[] }

type Change = { incoming: Incoming; isNew: boolean; subject: Subject; family: FamilyId | undefined }

export function emptyWorld(): World {
  return {
    stored: new Map(),
    keyConflicts: new Map(),
    met: new Map(),
    identifiers: new Map(),
    subjects: new Map(),
    changes: new Map(),
    added: new Map(),
    former: new Map(),
    moves: new Map(),
    redirects: [],
    blocking: { added: [], removed: [] },
    reviews: { opened: [], dropped: [], weighed: [] },
    lastSeen: new Map(),
    united: [],
  }
}

/** The subject an index leads to by now. */
export function findSubject(world: World, index: Index | undefined): Subject | undefined {
  const subject = index === undefined ? undefined : world.identifiers.get(index)
  return subject && resolveSubject(subject)
}

/** The id that a family goes by now. */
export function familyNow(world: World, id: FamilyId): FamilyId {
  const family = world.subjects.get(id)
  return family === undefined ? id : (resolveSubject(family).id as FamilyId)
}

/** Whether two records name one family or two, as far as is known by now; undefined if one of them names none. */
export function nameOneFamily(world: World, a: Source, b: Source): boolean | undefined {
  if (a.family === undefined || b.family === undefined) return undefined
  return familyNow(world, a.family) === familyNow(world, b.family)
}

/** A subject that this chunk brings. */
export function addSubject(world: World, id: SubjectId, level: Subject['level']): Subject {
  const subject = freshSubject(id, level)
  world.subjects.set(id, subject)
  return subject
}

/** Lets a free index lead to a subject; one that leads elsewhere stays. */
export function claimIndex(world: World, index: Index | undefined, kind: IdentifierKind, to: Subject): void {
  if (index === undefined || world.identifiers.has(index)) return
  world.identifiers.set(index, to)
  world.added.set(index, kind)
  if (kind === 'kk') to.cardCount += 1
  to.isDirty = true
}

/** Two subjects are one: the one that is in the database survives, then the older, whose id sorts first. */
export function unite(world: World, a: Subject, b: Subject, line: number): Subject {
  const aSurvives = a.isNew === b.isNew ? a.id < b.id : b.isNew
  return absorb(world, aSurvives ? a : b, aSurvives ? b : a, line)
}

/** Makes `loser` live on as `survivor`, with all that it had. */
export function absorb(world: World, survivor: Subject, loser: Subject, line: number): Subject {
  for (const [key, source] of loser.sources) survivor.sources.set(key, source)
  for (const touched of loser.lines) survivor.lines.add(touched)
  survivor.lines.add(line)
  survivor.cardCount += loser.cardCount
  survivor.isDirty = true
  loser.into = survivor
  if (!loser.isNew) world.united.push(loser)
  return survivor
}

/** Where a record belongs that was at `known` and whose number leads to `wanted`. */
export function settle(
  world: World,
  known: Subject | undefined,
  wanted: Subject | undefined,
  line: number,
): Subject | undefined {
  if (known === undefined || known === wanted) return wanted
  if (wanted === undefined) return known
  if (known.cardCount === 0) return unite(world, known, wanted, line)
  // Both have a number of their own: they stay two, and the record goes where its number leads.
  known.leftFor = wanted
  known.lines.add(line)
  return wanted
}

/** Writes down the new state of a source record. */
export function put(world: World, incoming: Incoming, subject: Subject, source: Source, batch: BatchId): void {
  const before = world.stored.get(incoming.key)
  const { key, content, line } = incoming
  if (before !== undefined) {
    const { sources } = resolveSubject(before.subject)
    const old = sources.get(key)
    if (old !== undefined && !world.former.has(key)) world.former.set(key, old.open)
    sources.delete(key)
  }
  subject.sources.set(key, source)
  subject.lines.add(line)
  const isNew = before === undefined || world.changes.get(key)?.isNew === true
  world.changes.set(key, { incoming, isNew, subject, family: source.family })
  world.stored.set(key, { subject, content, receiptOrder: 0n, batch, line })
}
