import Type from 'typebox'
import Value from 'typebox/value'

const Report = Type.Object({
  vulnerabilities: Type.Record(
    Type.String(),
    Type.Object({ severity: Type.String(), range: Type.String(), isDirect: Type.Boolean() }),
  ),
})
const SERIOUS = ['high', 'critical']

/** What a report of `npm audit --omit=dev --json` means: high and critical weaknesses fail, the others are told. */
export function judgeAudit(text: string): { fails: boolean; lines: string[] } {
  let report: unknown
  try {
    report = JSON.parse(text)
  } catch {
    report = undefined
  }
  // A mirror that answers no audits must not stop a change; that nothing was checked must be seen.
  if (!Value.Check(Report, report)) return { fails: false, lines: ['NOT CHECKED: the registry gave no audit'] }
  const found = Object.entries(report.vulnerabilities)
  const fails = found.some(([, { severity }]) => SERIOUS.includes(severity))
  const lines = found.map(
    ([name, { severity, range, isDirect }]) =>
      `${SERIOUS.includes(severity) ? 'FAILS' : 'told'}: ${name} ${range} (${severity}, ${isDirect ? 'ours' : 'of a package of ours'})`,
  )
  return { fails, lines: lines.length > 0 ? lines : ['no known weakness in what runs in production'] }
}
