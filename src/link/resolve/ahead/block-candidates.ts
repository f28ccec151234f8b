import type { BlockingKey, Index } from '../../subjects/subject.ts'
import type { Candidates } from '../candidates/score-candidates.ts'
import type { TouchedRecord } from '../candidates/touched.ts'
import type { FamilyIds } from '../families/family-ids.ts'

/** What blocks were asked for, by whom, and what came of it: enough to see whether records that came since are candidates, too. */
export type BlockCandidates = {
  asked: ReadonlySet<BlockingKey>
  askedBy: (record: TouchedRecord) => readonly BlockingKey[]
  touched: readonly TouchedRecord[]
  oversized: ReadonlySet<BlockingKey>
  /** How many records that nobody has stored yet the chunk has under a key. */
  unstored: (key: BlockingKey) => number
  pairs: readonly [TouchedRecord, Index][]
  stored: Candidates['stored']
  familyNow: FamilyIds['now']
}
