import { stringify } from 'yaml'
import type { AlertCondition } from './condition.ts'

/** The name that Prometheus shows: `chunk-old` is TitianChunkOld. */
export function alertName(name: string): string {
  return `Titian${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
}

/** Where it is written what an alert means and what to do, as a path of this repository. */
export function runbookOf(name: string): string {
  return `docs/operations/alerts/${name}.md`
}

/** The conditions as a file of alerting rules for Prometheus. */
export function rulesFor(conditions: readonly AlertCondition[]): string {
  const rules = conditions.map(({ name, severity, minutes, expr, id, en }) => ({
    alert: alertName(name),
    expr,
    ...(minutes > 0 && { for: `${minutes}m` }),
    labels: { severity },
    annotations: { summary: en, summary_id: id, runbook_url: runbookOf(name) },
  }))
  const head = '# Made from src/watch/alerts/conditions.ts by `npm run -s alerts`: change it there.\n'
  return head + stringify({ groups: [{ name: 'titian', rules }] }, { lineWidth: 0 })
}
