import type { Dataset } from '../../domain/dataset.ts'
import type { RawEntry } from '../../domain/entry.ts'
import { relayout, takesAll } from '../../domain/layout.ts'
import type { EntryFinding } from '../../domain/report.ts'

export type ReleaseLimits = { records: number; bytes: number }

/** The version that released entries are cleaned by, and how it reads what was cut for the version before. */
export type Target = { version: string; read: (entry: RawEntry) => RawEntry }

/** The current version of a dataset, if it reads all columns of the earlier one; otherwise the entries stay with their own. */
export function targetOf(current: Dataset | undefined, pinned: Dataset | undefined, version: string): Target {
  const stay = { version, read: (entry: RawEntry) => entry }
  if (current === undefined || pinned === undefined || !takesAll(pinned.format, current.format)) return stay
  const read = relayout(pinned.format, current.format)
  return read === undefined ? stay : { version: current.version, read }
}

/** Which held entries are wanted: those with one of these codes, or without codes those that a mended rule or list may answer. */
export type Wanted = { codes: ReadonlySet<string> | undefined; wantReason: ReadonlySet<string> }

/**
 * Which held lines of a chunk are released, by the findings that hold them; `named` are those of them that were released for a
 * finding that wants a reason. A line whose finding is not listed was held for something that may be mended.
 */
export function linesToRelease(
  held: readonly number[],
  findings: readonly EntryFinding[],
  { codes, wantReason }: Wanted,
): { lines: Set<number>; named: Set<number> } {
  const codesOf = new Map(held.map((line) => [line, [] as string[]]))
  for (const { line, code, severity } of findings) if (severity === 'hold') codesOf.get(line)?.push(code)
  const lines = new Set<number>()
  const named = new Set<number>()
  for (const [line, holding] of codesOf) {
    const isMended = holding.length === 0 || holding.some((code) => !wantReason.has(code))
    if (codes === undefined ? isMended : holding.some((code) => codes.has(code))) lines.add(line)
    if (codes !== undefined && holding.some((code) => codes.has(code) && wantReason.has(code))) named.add(line)
  }
  return { lines, named }
}

/** Parts the entries of a chunk into those that are released and those that stay. */
export function partHeld(
  entries: readonly RawEntry[],
  lines: ReadonlySet<number>,
): { released: RawEntry[]; kept: RawEntry[] } {
  const released: RawEntry[] = []
  const kept: RawEntry[] = []
  for (const entry of entries) (lines.has(entry.line) ? released : kept).push(entry)
  return { released, kept }
}

/** What is left of a report when some entries have gone elsewhere. */
export function withoutLines(findings: readonly EntryFinding[], lines: ReadonlySet<number>): EntryFinding[] {
  return findings.filter(({ line }) => !lines.has(line))
}

/** Gathers released entries, in order, into chunks of one version each. */
export class ReleaseChunks {
  readonly #limits: ReleaseLimits
  #entries: RawEntry[] = []
  #bytes = 0
  #version = ''

  constructor(limits: ReleaseLimits) {
    this.#limits = limits
  }

  /** Takes entries, and gives back the chunks that are full. */
  *add({ version, read }: Target, entries: readonly RawEntry[]): Generator<{ version: string; entries: RawEntry[] }> {
    if (version !== this.#version) yield* this.end()
    this.#version = version
    for (const entry of entries) {
      this.#entries.push(read(entry))
      this.#bytes += Buffer.byteLength(entry.text)
      if (this.#entries.length >= this.#limits.records || this.#bytes >= this.#limits.bytes) yield* this.end()
    }
  }

  /** The last chunk, if anything is left. */
  *end(): Generator<{ version: string; entries: RawEntry[] }> {
    const entries = this.#entries
    this.#entries = []
    this.#bytes = 0
    if (entries.length > 0) yield { version: this.#version, entries }
  }
}
