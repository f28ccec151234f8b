/** `error`: the entry is rejected. `hold`: it waits for a mended rule or code list. `warning`: it goes on, with the finding. */
export type Severity = 'error' | 'hold' | 'warning'

/** A coded problem of an entry. The path is a JSON Pointer into the source record; a finding never holds a value. */
export type Finding = { code: string; severity: Severity; path: string }

/**
 * What a code means, in both languages; rules and converters bring theirs as data. `wantsReason`: no mended rule or list answers
 * such a finding, but a person does, so its entries are released only by the name of the code and with a reason.
 */
export type FindingText = { severity: Severity; id: string; en: string; wantsReason?: true }

/** How many findings an entry lists; whatever else was found is one `findings-more` behind them. */
export const MOST_FINDINGS = 100

const RANK: Readonly<Record<Severity, number>> = { warning: 0, hold: 1, error: 2 }

/**
 * Adds a finding once: two fields read from one column do not report it twice. Beyond `MOST_FINDINGS` only the worst severity
 * of what is left out is kept, so the work for each finding has a bound and the verdict stays right.
 */
export function appendFinding(findings: Finding[], code: string, severity: Severity, path: string): void {
  const more = findings[MOST_FINDINGS]
  if (more !== undefined) {
    if (RANK[severity] > RANK[more.severity]) more.severity = severity
    return
  }
  for (const other of findings) if (other.code === code && other.path === path) return
  if (findings.length < MOST_FINDINGS) findings.push({ code, severity, path })
  else findings.push({ code: 'findings-more', severity, path: '' })
}

/** The worst severity decides: one error rejects, else one hold holds, else the entry is accepted. */
export function verdictOf(findings: readonly Finding[]): 'accepted' | 'held' | 'rejected' {
  let verdict: 'accepted' | 'held' = 'accepted'
  for (const { severity } of findings) {
    if (severity === 'error') return 'rejected'
    if (severity === 'hold') verdict = 'held'
  }
  return verdict
}

/** What a finding's code means, in a language; the code itself when no catalogue knows it. */
export function findingTitle(
  texts: Readonly<Record<string, FindingText>>,
  code: string,
  language: 'id' | 'en',
): string {
  return texts[code]?.[language] ?? code
}
