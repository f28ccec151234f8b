import type { Indexer } from '../../subjects/prepare.ts'
import type { Index } from '../../subjects/subject.ts'

const WIDER = [7, 4, 2]

/** Blind indexes of regions by their BPS codes, each made once: many subjects live in one village. */
export function regionIndexer(index: Indexer) {
  const known = new Map<string, Index>()
  const of = (bps: string): Index => {
    let found = known.get(bps)
    if (found === undefined) {
      found = index('content', `region|${bps}`)
      known.set(bps, found)
    }
    return found
  }
  return {
    of,
    /** Whether a place is another one than that of an index, and not only said more exactly than before. */
    isElsewhere(before: Index, now: string): boolean {
      if (before === '' || before === of(now)) return false
      return !WIDER.some((digits) => digits < now.length && before === of(now.slice(0, digits)))
    },
  }
}
