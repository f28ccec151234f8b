/** A row of the audit log as a page shows it. */
export type AuditLine = { sequence: number; at: Date; actor: string; action: string; kind: string; object: string }

/** What is looked for; null: anything. `before` is the place of a row, the end of the page before. */
export type AuditSearch = {
  action: string | null
  actor: string | null
  object: string | null
  since: Date | null
  before: number | null
}
