import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import type { System } from './system.ts'

/** What a checker outside found; a run is good only if everything but `effects` is 0. */
export type Judgement = {
  /** Effects that the receiver holds: one for each version of a subject. */
  effects: number
  /** New or updated entries that no delivery at the receiver names. */
  lost: number
  /** Entries at the receiver that nobody sent, or that were rejected or held. */
  unexpected: number
  /**
   * Entries that were applied twice to one subject, and versions of a subject with two contents. Another entry may well confirm a version
   * that was told before: its own record is new, and the merged one stays as it is.
   */
  doubled: number
  /** Entries without an outcome, or with two: received − all outcomes. */
  gap: number
}

/** The verdict on a system that lost nothing, made nothing up and told nothing twice. */
export const FLAWLESS = { lost: 0, unexpected: 0, doubled: 0, gap: 0 } satisfies Partial<Judgement>

/** What the checker asks: the API, and the receiver's journal. */
type Judged = Pick<System, 'as'> & { receiver: Pick<System['receiver'], 'url' | 'token'> }
type JournalLine = { subject: string; version: number; hash: string; entries: [string, number][] }
type FindingLine = { line: number; severity: string }

/**
 * Compares what was sent with what the receiver applied and what the reports say; it reads the public API and the receiver's
 * journal only, never our tables. `sent` maps each acknowledged batch to the number of entries its sender counted; `who` may read them all.
 */
export async function judge(
  system: Judged,
  sent: ReadonlyMap<string, number>,
  who: Parameters<Judged['as']>[0] = 'carik-jakarta',
): Promise<Judgement> {
  const journal = await readJournal(system)
  const applied = new Map<string, Set<number>>()
  const versions = new Map<string, string>()
  const told = new Set<string>()
  let doubled = 0
  for (const { subject, version, hash, entries } of journal) {
    const effect = `${subject} ${version}`
    const names = entries.map((entry) => `${subject} ${entry.join(' ')}`)
    if ((versions.get(effect) ?? hash) !== hash || names.some((name) => told.has(name))) doubled += 1
    versions.set(effect, hash)
    for (const name of names) told.add(name)
    for (const [batch, line] of entries) (applied.get(batch) ?? applied.set(batch, new Set()).get(batch))?.add(line)
  }
  const result = { effects: versions.size, lost: 0, unexpected: 0, doubled, gap: 0 }
  const gateway = system.as(who)
  for (const batch of applied.keys()) if (!sent.has(batch)) result.unexpected += 1
  for (const [id, count] of sent) {
    const batch = await gateway.get<BatchView>(`/v1/batches/${id}`)
    const { counts } = batch
    const outcomes = counts.new + counts.updated + counts.unchanged + counts.rejected + counts.held
    result.gap += Math.abs(count - outcomes)
    const lines = applied.get(id) ?? new Set()
    const refused = await refusedLines(gateway, id)
    result.unexpected += [...lines].filter((line) => refused.has(line)).length
    result.lost += Math.abs(counts.new + counts.updated - lines.size)
  }
  await gateway.close()
  return result
}

async function readJournal({ receiver }: Judged): Promise<JournalLine[]> {
  const answer = await fetch(`${receiver.url}/v1/journal`, { headers: { authorization: `Bearer ${receiver.token}` } })
  const text = await answer.text()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JournalLine)
}

/** Lines with an error or a hold: they must not be at the receiver. */
async function refusedLines(gateway: ReturnType<System['as']>, batch: string): Promise<Set<number>> {
  const lines = new Set<number>()
  for (let next: string | null = `/v1/batches/${batch}/findings?limit=1000`; next !== null; ) {
    const page: { findings: FindingLine[]; next: string | null } = await gateway.get(next)
    for (const { line, severity } of page.findings) if (severity !== 'warning') lines.add(line)
    next = page.next === null ? null : `/v1/batches/${batch}/findings?limit=1000&after=${encodeURIComponent(page.next)}`
  }
  return lines
}
