import { describe, expect, it } from 'vitest'
import { listenForMetrics } from '../../../src/io/observe/metrics.http.ts'
import { openMetrics, openProcessMetrics } from '../../../src/io/observe/metrics.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'

const ANYWHERE = { host: '127.0.0.1', port: 0 }

describe('the listener for Prometheus', () => {
  it('answers /metrics and /livez, and nothing else', async () => {
    let alive = true
    await using at = await listenForMetrics(openProcessMetrics({ here: import.meta.dirname }), ANYWHERE, () => alive)
    const page = await fetch(`${at.url}/metrics`)
    expect(page.headers.get('content-type')).toContain('text/plain')
    const text = await page.text()
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).toMatch(/titian_disk_free_ratio\{folder="here"\} 0\.\d+/)
    const statusOf = async (path: string, method = 'GET') => (await fetch(`${at.url}${path}`, { method })).status
    expect(await statusOf('/livez')).toBe(200)
    alive = false
    expect(await statusOf('/livez')).toBe(503)
    expect(await statusOf('/metrics', 'POST')).toBe(405)
    expect(await statusOf('/console')).toBe(404)
  })

  it('goes on answering while the database is away', async () => {
    const db = openPool('postgres://nobody@127.0.0.1:1/none', 1)
    await using at = await listenForMetrics(openMetrics({ db, readFigures: selectFigures }), ANYWHERE)
    const text = await (await fetch(`${at.url}/metrics`)).text()
    expect(text).toContain('titian_database_up 0')
    expect(text).toContain('process_cpu_seconds_total')
    await db.end()
  })
})
