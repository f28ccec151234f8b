import type { EntryChange } from './difference.ts'

const LINES = 5

/** How often something changes, and where it was seen first. */
export type Tally = { what: string; count: number; lines: string[] }

/** Sums up what another version changes over many entries: verdicts, fields, findings. */
export class Differences {
  entries = 0
  changed = 0
  readonly #verdicts = new Map<string, Tally>()
  readonly #fields = new Map<string, Tally>()
  readonly #findings = new Map<string, Tally>()

  /** Takes one entry of a batch; `change` is undefined where both versions agree. */
  add(batch: string, change: EntryChange | undefined): void {
    this.entries += 1
    if (change === undefined) return
    this.changed += 1
    const at = `${batch}:${change.line}`
    const [before, after] = change.verdict
    if (before !== after) tally(this.#verdicts, `${before} -> ${after}`, at)
    for (const text of new Set(change.fields.map(({ field, how }) => `${field} ${how}`))) tally(this.#fields, text, at)
    for (const text of new Set(change.gained.map(({ code }) => `+ ${code}`))) tally(this.#findings, text, at)
    for (const text of new Set(change.lost.map(({ code }) => `- ${code}`))) tally(this.#findings, text, at)
  }

  get verdicts(): Tally[] {
    return sorted(this.#verdicts)
  }

  /** By canonical field and what happens to it; `~` marks an extension, `?` candidates. */
  get fields(): Tally[] {
    return sorted(this.#fields)
  }

  /** Findings that appear (+) and that go away (-). */
  get findings(): Tally[] {
    return sorted(this.#findings)
  }
}

function tally(tallies: Map<string, Tally>, what: string, at: string): void {
  const known = tallies.get(what) ?? { what, count: 0, lines: [] }
  known.count += 1
  if (known.lines.length < LINES) known.lines.push(at)
  tallies.set(what, known)
}

function sorted(tallies: ReadonlyMap<string, Tally>): Tally[] {
  return [...tallies.values()].sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1))
}
