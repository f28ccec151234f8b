import type { RawEntry } from '../domain/entry.ts'

export type ChunkLimits = { records: number; bytes: number }

/** Gathers entries into chunks as they arrive; never holds more than one chunk. */
export async function* chunksOf(entries: AsyncIterable<RawEntry>, limits: ChunkLimits): AsyncGenerator<RawEntry[]> {
  let chunk: RawEntry[] = []
  let size = 0
  for await (const entry of entries) {
    chunk.push(entry)
    size += entry.text.length
    if (chunk.length < limits.records && size < limits.bytes) continue
    yield chunk
    chunk = []
    size = 0
  }
  if (chunk.length > 0) yield chunk
}
