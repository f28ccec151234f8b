const BYTES = 4

/** A hash of 32 bits (FNV-1a) of what names something: a key, an index, an id. Two names may share one: then one looks closer, in vain. */
export function markOf(name: string): number {
  let hash = 0x811c9dc5 | 0
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return hash
}

/** The marks of names as bytes, four for each. */
export function packMarks(names: readonly string[]): Buffer {
  const marks = Buffer.allocUnsafe(names.length * BYTES)
  for (let at = 0; at < names.length; at++) marks.writeInt32LE(markOf(names[at] ?? ''), at * BYTES)
  return marks
}

/** The marks in some packs. */
export function unpackMarks(packs: readonly Buffer[]): Set<number> {
  const marks = new Set<number>()
  for (const pack of packs) for (let at = 0; at + BYTES <= pack.length; at += BYTES) marks.add(pack.readInt32LE(at))
  return marks
}
