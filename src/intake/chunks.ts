import { type LooseEntry, packEntry, packedBytes } from '../engine/chunks/packing.ts'

export type ChunkLimits = { records: number; bytes: number }

/** A chunk as it will be stored; its bytes are lent until the chunk after the next is asked for. */
export type PackedChunk = { packed: Buffer; entries: number; firstLine: number }

const FIRST_BYTES = 1024 * 1024

/**
 * Packs entries into chunks as they arrive. Two buffers take turns, one being filled while the other is stored: an upload of
 * any size leaves the collector next to nothing to do.
 */
export async function* packedChunks(
  groups: AsyncIterable<readonly LooseEntry[]>,
  limits: ChunkLimits,
): AsyncGenerator<PackedChunk> {
  const buffers: Buffer[] = [Buffer.allocUnsafe(FIRST_BYTES), Buffer.allocUnsafe(FIRST_BYTES)]
  let turn = 0
  let at = 0
  let entries = 0
  let firstLine = 0
  for await (const group of groups) {
    for (const entry of group) {
      let buffer = buffers[turn] as Buffer
      const end = at + packedBytes(entry)
      if (end > buffer.length) {
        buffer = grown(buffer, at, end)
        buffers[turn] = buffer
      }
      if (entries === 0) firstLine = entry.line
      at = packEntry(entry, buffer, at)
      entries += 1
      if (entries < limits.records && at < limits.bytes) continue
      yield { packed: buffer.subarray(0, at), entries, firstLine }
      turn = 1 - turn
      at = 0
      entries = 0
    }
  }
  if (entries > 0) yield { packed: (buffers[turn] as Buffer).subarray(0, at), entries, firstLine }
}

function grown(buffer: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, needed))
  buffer.copy(larger, 0, 0, used)
  return larger
}
