import { totalmem } from 'node:os'

const MB = 1024 * 1024
// An eighth: the system's own cache, the other processes and whoever else works on this machine have the rest.
const SHARE = 8
const [LEAST_MB, MOST_MB] = [128, 4096]

/** Bytes of memory that this process may use of its machine: in a container the container's. */
export function memoryOfMachine(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/**
 * Megabytes that the embedded PostgreSQL keeps pages in. Keys are blind indexes, so each look-up is a page of its own: one that is not
 * here is copied from the system and its checksum computed (docs/measurements.md, growth).
 */
export function sharedBuffersOf(memory: number): number {
  return Math.min(MOST_MB, Math.max(LEAST_MB, Math.floor(memory / SHARE / MB)))
}
