import type { ReviewedBits } from './linkage.ts'

/** What stewards said of the possible matches from a threshold on: how many, how many of them are one person, and their share of all such. */
export type CurvePoint = { bits: number; decided: number; same: number; ofAllSame: number | null }

/** What each threshold would have joined rightly and wrongly, by what stewards decided. */
export function thresholdCurve(bins: readonly ReviewedBits[], from: number, to: number, step: number): CurvePoint[] {
  const allSame = bins.reduce((sum, { same }) => sum + same, 0)
  const points: CurvePoint[] = []
  for (let bits = from; bits <= to; bits += step) {
    const above = bins.filter((bin) => bin.bits >= bits)
    const same = above.reduce((sum, bin) => sum + bin.same, 0)
    const decided = above.reduce((sum, bin) => sum + bin.same + bin.different, 0)
    points.push({ bits, decided, same, ofAllSame: allSame === 0 ? null : same / allSame })
  }
  return points
}
