/** By what two results of one subject are ordered; `receiptOrder` is that of the batch. */
export type Age = { asOf: string; version: string; receiptOrder: string; line: number }

/** Whether a result is newer than another: by its date, then its version, then the order of receipt. Negative: older. */
export function compareAges(a: Age, b: Age): number {
  return (
    compareTexts(a.asOf, b.asOf) ||
    compareDtsenVersions(a.version, b.version) ||
    Number(BigInt(a.receiptOrder) - BigInt(b.receiptOrder)) ||
    a.line - b.line
  )
}

/** Orders versions as people count: `V10` is after `V9`, `2026-Q3` after `2025-Q4`. */
function compareDtsenVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one = '', other = ''] = [left[at], right[at]]
    const areNumbers = /^[0-9]+$/.test(one) && /^[0-9]+$/.test(other)
    const difference = areNumbers
      ? Math.sign(Number(BigInt(one) - BigInt(other))) || compareTexts(one, other)
      : compareTexts(one, other)
    if (difference !== 0) return difference
  }
  return 0
}

function parts(version: string): string[] {
  return version.match(/[0-9]+|[^0-9]+/g) ?? []
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
