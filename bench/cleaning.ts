import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Speed of the clean stage on one core, records per second, and its part of the floor's; `clean.ts` says what is compared. */
export type CleanSpeed = { records_per_s: number; floor_per_s: number; ratio: number }

/** Measures every dataset, in a process of its own. */
export async function measureClean(): Promise<Record<string, CleanSpeed>> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'clean.ts')])
  return JSON.parse(stdout) as Record<string, CleanSpeed>
}
