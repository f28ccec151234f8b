import { nodeHash } from './merkle.ts'

/** The root over the leaves from one place to before another (MTH of RFC 6962, 2.1). */
export type RangeRoot = (from: number, to: number) => Buffer

/**
 * The proof that a tree of `size` leaves goes on from its first `old` ones (RFC 6962, 2.1.2); empty where the sizes are the same, and
 * for a tree without leaves. `old` is no larger than `size`.
 */
export function consistencyProof(old: number, size: number, rootOf: RangeRoot): Buffer[] {
  const proof: Buffer[] = []
  if (old === 0 || old === size) return proof
  let [from, to] = [0, size]
  let isWhole = true
  // From the root down to where the old tree ends; what lies beside the way is the proof, the deepest first.
  while (old !== to) {
    const split = from + largestBelow(to - from)
    if (old <= split) {
      proof.push(rootOf(split, to))
      to = split
    } else {
      proof.push(rootOf(from, split))
      from = split
      isWhole = false
    }
  }
  if (!isWhole) proof.push(rootOf(from, to))
  return proof.reverse()
}

/** Whether a proof shows that the tree of one size and root begins with that of an older one (RFC 9162, 2.1.4.2). */
export function isConsistent(
  old: { size: number; root: Buffer },
  { size, root }: { size: number; root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (old.size > size) return false
  if (old.size === size) return proof.length === 0 && old.root.equals(root)
  if (old.size === 0) return proof.length === 0
  const way = isPowerOfTwo(old.size) ? [old.root, ...proof] : [...proof]
  let [at, last] = [old.size - 1, size - 1]
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)]
  const first = way.shift()
  if (first === undefined) return false
  let [before, after] = [first, first]
  for (const beside of way) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = nodeHash(beside, before)
      after = nodeHash(beside, after)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else after = nodeHash(after, beside)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && before.equals(old.root) && after.equals(root)
}

function largestBelow(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size))
}
