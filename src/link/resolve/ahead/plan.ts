import type { Change } from '../../../domain/change.ts'
import type { DeliveryLine } from '../../../domain/golden.ts'
import type { FamilyId, ReviewId } from '../../../domain/ids.ts'
import type { EntryFinding } from '../../../domain/report.ts'
import type { OpenReview } from '../../review/review.ts'
import type { Prepared } from '../../subjects/prepare.ts'
import type { ChunkChanges } from '../chunk-changes.ts'
import type { EntryDecision } from '../entries/decide.ts'
import { type Footprint, nameOfLine } from './footprint.ts'

/** What is to be written and told of some entries of a chunk, and what was looked at to find out. */
export type ChunkPlan = {
  /** The entries, their records under the keys that they go by. */
  entries: readonly Prepared[]
  decisions: EntryDecision[]
  findings: EntryFinding[]
  changes: ChunkChanges
  lines: DeliveryLine[]
  beside: Change[]
  /** Open possible matches that were looked at. */
  reviewed: ReadonlyMap<ReviewId, OpenReview>
  /** Families that changed records named before. */
  leaving: FamilyId[]
  /** How many blocks were too large to be compared. */
  oversized: number
  /** What was received later and takes records away, as far as it was known. */
  later: { withdrawal: boolean; snapshot: boolean }
  seen: Footprint
}

/** The part of a plan that is about some names: of lines, records and subjects. What was looked at stays whole. */
export function partOf(plan: ChunkPlan, isWanted: (name: string) => boolean): ChunkPlan {
  const { changes, reviewed } = plan
  const { reviews, blocking } = changes
  const isLine = ({ line }: { line: number }) => isWanted(nameOfLine(line))
  const isSubject = ({ subject }: { subject: string }) => isWanted(subject)
  const isId = ({ id }: { id: string }) => isWanted(id)
  const isKey = ({ key }: { key: string }) => isWanted(key)
  const isRecord = ({ record }: { record: string }) => isWanted(record)
  const isReview = (id: ReviewId) => isWanted(reviewed.get(id)?.a ?? '')
  return {
    ...plan,
    entries: plan.entries.filter(isLine),
    decisions: plan.decisions.filter(isLine),
    findings: plan.findings.filter(isLine),
    lines: plan.lines.filter(isSubject),
    beside: plan.beside.filter(isSubject),
    changes: {
      subjects: changes.subjects.filter(isId),
      redirects: changes.redirects.filter(({ from }) => isWanted(from)),
      ended: changes.ended.filter(isId),
      added: changes.added.filter(isKey),
      changed: changes.changed.filter(isKey),
      moves: changes.moves.filter(isKey),
      identifiers: changes.identifiers.filter(({ index }) => isWanted(index)),
      lastSeen: new Map([...changes.lastSeen].filter(([key]) => isWanted(key))),
      blocking: {
        added: blocking.added.filter(isRecord),
        removed: blocking.removed.filter(isRecord),
        renumbered: blocking.renumbered.filter(isRecord),
      },
      reviews: {
        opened: reviews.opened.filter(({ a }) => isWanted(a)),
        dropped: reviews.dropped.filter(isReview),
        weighed: reviews.weighed.filter(({ id }) => isReview(id)),
      },
    },
  }
}

/** Two plans about different entries of a chunk as one. */
export function joinPlans(one: ChunkPlan, other: ChunkPlan): ChunkPlan {
  const [a, b] = [one.changes, other.changes]
  const both = <Item>(of: (changes: ChunkChanges) => readonly Item[]) => [...of(a), ...of(b)]
  one.seen.add(other.seen)
  return {
    entries: [...one.entries, ...other.entries],
    decisions: [...one.decisions, ...other.decisions].sort((x, y) => x.line - y.line),
    findings: [...one.findings, ...other.findings],
    lines: [...one.lines, ...other.lines],
    beside: [...one.beside, ...other.beside],
    reviewed: new Map([...one.reviewed, ...other.reviewed]),
    leaving: [...one.leaving, ...other.leaving],
    oversized: one.oversized,
    later: other.later,
    seen: one.seen,
    changes: {
      subjects: both(({ subjects }) => subjects),
      redirects: both(({ redirects }) => redirects),
      ended: both(({ ended }) => ended),
      added: both(({ added }) => added),
      changed: both(({ changed }) => changed),
      moves: both(({ moves }) => moves),
      identifiers: both(({ identifiers }) => identifiers),
      lastSeen: new Map([...a.lastSeen, ...b.lastSeen]),
      blocking: {
        added: both(({ blocking }) => blocking.added),
        removed: both(({ blocking }) => blocking.removed),
        renumbered: both(({ blocking }) => blocking.renumbered),
      },
      reviews: {
        opened: both(({ reviews }) => reviews.opened),
        dropped: both(({ reviews }) => reviews.dropped),
        weighed: both(({ reviews }) => reviews.weighed),
      },
    },
  }
}
