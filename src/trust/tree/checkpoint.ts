import { HASH_BYTES } from './merkle.ts'

/** The head of a tree: whose it is, how many leaves it has, and its root. */
export type Checkpoint = { origin: string; size: number; root: Buffer }

/** A checkpoint as the text of a note (C2SP tlog-checkpoint). */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** The reverse of `formatCheckpoint`; undefined when the text is none, or has lines beside the three. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [, origin, size, hash] = /^(\S+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]+={0,2})\n$/.exec(text) ?? []
  if (origin === undefined || size === undefined || hash === undefined) return undefined
  const root = Buffer.from(hash, 'base64')
  return root.length === HASH_BYTES ? { origin, size: Number(size), root } : undefined
}
