import type { AlertCondition } from '../../src/watch/alerts/condition.ts'

export const RULES_FILE = 'deploy/prometheus/titian.rules.yaml'
export const ALERTS_PAGE = 'docs/operations/alerts/README.md'

const [START, END] = ['<!-- alerts -->', '<!-- /alerts -->']

/** The conditions as a table of Markdown, each with its page. */
export function alertList(conditions: readonly AlertCondition[]): string {
  const rows = conditions.map(
    ({ name, severity, minutes, en, look }) =>
      `| [${name}](${name}.md) | ${severity} | ${minutes} min | ${en} | ${look ? 'both' : 'Prometheus'} |`,
  )
  return ['| alert | severity | after | what it says | seen by |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}

/** A page with the list between its marks. */
export function withList(page: string, list: string): string {
  const [from, to] = [page.indexOf(START), page.indexOf(END)]
  if (from === -1 || to === -1) throw new Error(`${ALERTS_PAGE} has no place for the list`)
  return `${page.slice(0, from)}${START}\n\n${list}\n\n${page.slice(to)}`
}
