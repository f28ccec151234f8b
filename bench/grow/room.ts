import { statfs } from 'node:fs/promises'

// Measured on CARIK families: what a subject takes with its indexes, its part of the ledger, of sealed chunks and deliveries, and
// what the stand-in keeps of it. Then what PostgreSQL keeps of its log (max_wal_size), and the pushed files.
const BYTES_A_SUBJECT = 2_700
const BYTES_BESIDE = 6e9
const GB = 1e9

/** Bytes that a run up to so many subjects takes on the disk, about. */
export function bytesFor(subjects: number): number {
  return subjects * BYTES_A_SUBJECT + BYTES_BESIDE
}

/** Says how much room a run takes. Throws one sentence when the folder has less. */
export async function requireRoom(folder: string, subjects: number, say: (line: string) => void): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const [wanted, free] = [bytesFor(subjects), bavail * bsize]
  const inGb = (bytes: number) => `${(bytes / GB).toFixed(1)} GB`
  const need = `growing to ${subjects.toLocaleString('en')} subjects takes about ${inGb(wanted)} in ${folder}, where ${inGb(free)} are free`
  if (wanted > free) throw new Error(`${need}: set TMPDIR to a folder on a larger disk, or grow less`)
  say(need)
}
