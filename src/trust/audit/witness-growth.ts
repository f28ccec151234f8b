import type { Checkpoint } from '../tree/checkpoint.ts'
import { TreeHasher } from '../tree/merkle.ts'
import type { Witnessed } from './verify.db.ts'

/** What a witness finds of a newer checkpoint beside the one it keeps; of `grown` all leaves under the newer one. */
export type Growth = { is: 'grown'; leaves: Buffer[] } | { is: 'shorter' | 'other-past' | 'other-leaves' }

/**
 * Whether the log only grew since the checkpoint that a witness keeps. `fresh` are the leaves after those that it keeps. `shorter`: rows
 * were cut off; `other-past`: rows under the older checkpoint are others now; `other-leaves`: the leaves are not those of the newer one.
 */
export function growthOf(
  kept: Witnessed | undefined,
  newest: Pick<Checkpoint, 'size' | 'root'>,
  fresh: readonly Buffer[],
): Growth {
  if (kept !== undefined && newest.size < kept.size) return { is: 'shorter' }
  const leaves = [...(kept?.leaves ?? []), ...fresh].slice(0, newest.size)
  const tree = new TreeHasher()
  for (const leaf of leaves) {
    tree.add(leaf)
    if (tree.size === kept?.size && !tree.root().equals(kept.root)) return { is: 'other-past' }
  }
  if (leaves.length === newest.size && tree.root().equals(newest.root)) return { is: 'grown', leaves }
  // What the witness keeps is proven: with it in place of the log's own past the newer root cannot be reached.
  return { is: kept?.leaves === undefined ? 'other-leaves' : 'other-past' }
}
