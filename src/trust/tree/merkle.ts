import { hash } from 'node:crypto'

/** Bytes of a hash in the tree: SHA-256. */
export const HASH_BYTES = 32
const LEAF = Buffer.of(0)
const NODE = Buffer.of(1)

/** The hash of a leaf (RFC 6962, 2.1). */
export function leafHash(data: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, data]), 'buffer')
}

/** The hash of a node over two others (RFC 6962, 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer')
}

/** Builds the root of a tree whose leaves come one by one; it holds one hash for each level. */
export class TreeHasher {
  size = 0
  /** Roots of the whole subtrees so far, the largest first, one for each bit of the size. */
  readonly #roots: Buffer[] = []

  /** Adds the hash of the next leaf, or the root of the next subtree of a level. */
  add(next: Buffer): void {
    this.#roots.push(next)
    this.size += 1
    for (let left = this.size; left % 2 === 0; left /= 2) {
      const [a, b] = this.#roots.splice(-2) as [Buffer, Buffer]
      this.#roots.push(nodeHash(a, b))
    }
  }

  /** A tree that goes on by itself from here. */
  copy(): TreeHasher {
    const copy = new TreeHasher()
    copy.size = this.size
    copy.#roots.push(...this.#roots)
    return copy
  }

  /** The root of what came so far; `tail` is a tree of a lower level whose leaves come after it, smaller than one of its own. */
  root(tail?: TreeHasher): Buffer {
    const roots = [...this.#roots, ...(tail === undefined ? [] : tail.#roots)]
    const last = roots.pop()
    if (last === undefined) return hash('sha256', '', 'buffer')
    return roots.reduceRight((right, left) => nodeHash(left, right), last)
  }
}

/** The root over hashes of one level, in order (MTH of RFC 6962, 2.1, from that level upward). */
export function rootOf(hashes: Iterable<Buffer>): Buffer {
  const tree = new TreeHasher()
  for (const one of hashes) tree.add(one)
  return tree.root()
}

/** The path from one of some hashes up to their root, the sibling first (RFC 6962, 2.1.1). */
export function pathOf(hashes: readonly Buffer[], index: number): Buffer[] {
  const path: Buffer[] = []
  let [from, to] = [0, hashes.length]
  while (to - from > 1) {
    const split = from + splitOf(to - from)
    const isLeft = index < split
    path.push(rootOf(isLeft ? hashes.slice(split, to) : hashes.slice(from, split)))
    if (isLeft) to = split
    else from = split
  }
  return path.reverse()
}

/** The root that a leaf and its path lead to; undefined when the path is not as long as the place of the leaf demands. */
export function rootFromPath(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | undefined {
  if (index >= size) return undefined
  let [at, last, root] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      root = nodeHash(sibling, root)
      // At the right edge a hash climbs by itself until it is a right child.
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else root = nodeHash(root, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : undefined
}

/** The largest power of two below a size of two or more. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}
