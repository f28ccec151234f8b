import type { Level } from '../../domain/entry.ts'
import type { Finding } from '../../domain/finding.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { SubjectResult } from '../../domain/results/result.ts'

/** By what a line names its subject: our id, a number, or both. */
export type SubjectName = { id?: SubjectId; number?: string; pointer: string }

/** What one entry of a results batch says, before it is known whom it means. */
export type Stated = {
  level: Level
  name: SubjectName
  said: Omit<SubjectResult, 'subject'>
  region: string | null
  /** Canonical values of a DTSEN row; those that records at hand contradict become corrections. */
  values?: Readonly<Record<string, string | number>>
}

/** An entry as it was read: what it says, or only what is wrong with it. */
export type ReadEntry = { line: number; stated: Stated | undefined; findings: Finding[] }
