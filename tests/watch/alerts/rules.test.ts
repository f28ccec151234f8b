import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openMetrics } from '../../../src/io/observe/metrics.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'
import { CONDITIONS } from '../../../src/watch/alerts/conditions.ts'
import { alertName, rulesFor, runbookOf } from '../../../src/watch/alerts/rules.ts'
import { ALERTS_PAGE, alertList, RULES_FILE, withList } from '../../support/alert-pages.ts'
import { itWithPromtool, promtool } from '../../support/promtool.ts'

const ROOT = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const TEST_FILE = 'deploy/prometheus/titian.test.yaml'
// What Prometheus makes by itself.
const OF_PROMETHEUS = ['up']

/** The metrics that an expression of Prometheus asks for. */
function metricsIn(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}|\[[^\]]*\]|\b(by|without) \([^)]*\)/g, '')
  return [...bare.matchAll(/\b([a-z][a-z0-9_]*)\b(?!\s*\()/g)].map(([, name = '']) => name)
}

describe('the rules for Prometheus', () => {
  it('are those that the conditions make (`npm run -s alerts`)', () => {
    expect(read(RULES_FILE)).toBe(rulesFor(CONDITIONS))
    expect(read(ALERTS_PAGE)).toBe(withList(read(ALERTS_PAGE), alertList(CONDITIONS)))
  })

  it.each(CONDITIONS.map(({ name }) => name))('tell of %s on a page of its own, and are tried', (name) => {
    expect(existsSync(join(ROOT, runbookOf(name)))).toBe(true)
    const page = read(runbookOf(name))
    for (const part of [`# ${name}\n`, '**Meaning.**', '**How to look.**', '**What to do.**'])
      expect(page).toContain(part)
    expect(read(TEST_FILE)).toContain(`alertname="${alertName(name)}"`)
  })

  it('have no page without an alert', () => {
    const pages = globSync('docs/operations/alerts/*.md', { cwd: ROOT }).filter((page) => page !== ALERTS_PAGE)
    expect(pages.sort()).toEqual(CONDITIONS.map(({ name }) => runbookOf(name)).sort())
  })

  itWithPromtool('are sound, fire for what they are about, and for nothing else', () => {
    expect(promtool('check', 'rules', RULES_FILE)).toContain(`${CONDITIONS.length} rules found`)
    expect(promtool('test', 'rules', TEST_FILE)).toContain('SUCCESS')
  })
})

describe('every metric that is asked for', () => {
  let known: ReadonlySet<string>

  beforeAll(async () => {
    const db = openPool('postgres://nobody@127.0.0.1:1/none', 1)
    const { text } = await openMetrics({ db, readFigures: selectFigures }).page()
    await db.end()
    const names = [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    )
    known = new Set([...names, ...OF_PROMETHEUS])
  })

  it.each(CONDITIONS.map(({ name, expr }) => [name, expr]))('by the rule %s is there', (_name, expr) => {
    const asked = metricsIn(expr)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((name) => !known.has(name))).toEqual([])
  })

  it.each(globSync('deploy/grafana/*.json', { cwd: ROOT }))('by %s is there', (board) => {
    const { panels } = JSON.parse(read(board)) as { panels: { title: string; targets: { expr: string }[] }[] }
    const asked = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr)))
    expect(asked.length).toBeGreaterThanOrEqual(panels.length)
    expect(asked.filter((name) => !known.has(name))).toEqual([])
  })

  it('is noticed when it is not', () => {
    expect(metricsIn('max by (stage) (rate(titian_none_total{stage!="x"}[5m])) > 900 + up')).toEqual([
      'titian_none_total',
      'up',
    ])
    expect(known.has('titian_none_total')).toBe(false)
  })
})
