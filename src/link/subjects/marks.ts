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

/** Marks that are asked for one by one. */
export type Marks = { has(mark: number): boolean }

/** The marks in some packs, one behind the other. A table of numbers: most marks are too large to be in a Set without an object each. */
export function unpackMarks(packs: Buffer): Marks {
  const count = Math.floor(packs.length / BYTES)
  const bits = Math.max(1, Math.ceil(Math.log2(3 * count + 1)))
  const last = 2 ** bits - 1
  const table = new Int32Array(last + 1)
  // Zero is an empty place, and may be a mark.
  let hasZero = false
  const placeOf = (mark: number) => {
    let place = Math.imul(mark, 0x9e3779b1) >>> (32 - bits)
    while (table[place] !== 0 && table[place] !== mark) place = (place + 1) & last
    return place
  }
  for (let at = 0; at < count; at++) {
    const mark = packs.readInt32LE(at * BYTES)
    if (mark === 0) hasZero = true
    else table[placeOf(mark)] = mark
  }
  return { has: (mark) => (mark === 0 ? hasZero : table[placeOf(mark)] === mark) }
}

/** Whether two packs share a mark. */
export function doOverlap(one: Buffer, other: Buffer): boolean {
  const marks = unpackMarks(one)
  for (let at = 0; at + BYTES <= other.length; at += BYTES) if (marks.has(other.readInt32LE(at))) return true
  return false
}
