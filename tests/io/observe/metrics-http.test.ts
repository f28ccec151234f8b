import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listenForMetrics } from '../../../src/io/observe/metrics.http.ts'
import { openMetrics, openProcessMetrics } from '../../../src/io/observe/metrics.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'
import { certificateFor } from '../../notify/certificate.ts'

const ANYWHERE = { host: '127.0.0.1', port: 0 }

describe('the listener for Prometheus', () => {
  it('answers /metrics, and /livez and /readyz with what is wrong, and nothing else', async () => {
    let [stuck, fault]: (string | undefined)[] = []
    await using at = await listenForMetrics(openProcessMetrics({ here: import.meta.dirname }), ANYWHERE, {
      stuck: () => stuck,
      unready: async () => fault,
      lines: () => ['link usual: 1 in hand for 3 s, none ended yet'],
    })
    const page = await fetch(`${at.url}/metrics`)
    expect(page.headers.get('content-type')).toContain('text/plain')
    const text = await page.text()
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).toMatch(/titian_disk_free_ratio\{folder="here"\} 0\.\d+/)
    const statusOf = async (path: string, method = 'GET') => (await fetch(`${at.url}${path}`, { method })).status
    const said = async (path: string) => (await fetch(`${at.url}${path}`)).text()
    expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 200])
    expect(await said('/livez')).toBe('alive\nlink usual: 1 in hand for 3 s, none ended yet\n')
    fault = 'PostgreSQL is read-only'
    expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 503])
    expect(await said('/readyz')).toMatch(/^PostgreSQL is read-only\n/)
    stuck = 'link usual has been at one thing for 3601 s'
    expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([503, 503])
    expect(await said('/readyz')).toMatch(/^link usual has been at one thing for 3601 s\n/)
    expect(await statusOf('/metrics', 'POST')).toBe(405)
    expect(await statusOf('/console')).toBe(404)
  })

  it('speaks TLS by the files of a certificate, and answers only whom a named one signed', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'titian-metrics-'))
    const [own, prometheus] = [certificateFor('localhost'), certificateFor('prometheus.example')]
    const named = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
    await writeFile(named.cert, own.cert)
    await writeFile(named.key, own.key)
    await writeFile(join(dir, 'ca.pem'), prometheus.cert)
    const page = openProcessMetrics({ here: import.meta.dirname })
    const statusOf = (url: string, client = {}) =>
      new Promise<number | string>((resolve) => {
        const asked = get(`${url}/livez`, { ca: own.cert, servername: 'localhost', ...client }, ({ statusCode = 0 }) =>
          resolve(statusCode),
        )
        asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'))
      })
    {
      await using at = await listenForMetrics(page, { ...ANYWHERE, ...named })
      expect([at.url.startsWith('https://127.0.0.1:'), await statusOf(at.url)]).toEqual([true, 200])
      await expect(fetch(at.url.replace('https', 'http'))).rejects.toThrow()
    }
    await using strict = await listenForMetrics(page, { ...ANYWHERE, ...named, ca: join(dir, 'ca.pem') })
    expect(await statusOf(strict.url)).not.toBe(200)
    expect(await statusOf(strict.url, own)).not.toBe(200)
    expect(await statusOf(strict.url, prometheus)).toBe(200)
    for (const wrong of [{ cert: named.cert }, { ca: join(dir, 'ca.pem') }, { ...named, ca: join(dir, 'none.pem') }])
      await expect(listenForMetrics(page, { ...ANYWHERE, ...wrong })).rejects.toMatchObject({ code: 'config-invalid' })
    await rm(dir, { recursive: true })
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
