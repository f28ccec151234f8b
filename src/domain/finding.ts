/** `error`: the entry is rejected. `hold`: it waits for a mended rule or code list. `warning`: it goes on, with the finding. */
export type Severity = 'error' | 'hold' | 'warning'

/** A coded problem of an entry. The path is a JSON Pointer into the source record; a finding never holds a value. */
export type Finding = { code: string; severity: Severity; path: string }

/** What a code means, in both languages; rules and converters bring theirs as data. */
export type FindingText = { severity: Severity; id: string; en: string }

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
