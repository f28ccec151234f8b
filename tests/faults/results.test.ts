import { describe, expect, it } from 'vitest'
import { linesPayload } from '../../src/cli/client/payload.ts'
import type { Gateway } from '../../src/cli/client/push.client.ts'
import { readReceiverResults } from '../../src/cli/demo/receiver-results.client.ts'
import type { ReturnedResult } from '../../src/results/returned/returned-shape.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

const POINTS = ['claimed', 'read', 'worked', 'saved', 'before-commit', 'after-commit', 'before-dispatch']

/** Every result that a platform is told, page by page. */
async function readAll(gateway: Gateway): Promise<ReturnedResult[]> {
  const results: ReturnedResult[] = []
  for (let path = '/v1/results?after=0&limit=100'; ; ) {
    const { text, next = '' } = await gateway.page(path, 'application/x-ndjson')
    for (const line of text.split('\n')) if (line !== '') results.push(JSON.parse(line) as ReturnedResult)
    if (next === path) return results
    path = next
  }
}

describe('a worker that dies over results', () => {
  it('loses and doubles no result at any named point, and every one comes home', async () => {
    await using system = await startSystem()
    await system.start('serve')
    await system.start('receiver')
    const first = await system.start('work')
    const carik = system.as('carik-jakarta')
    const { batch } = await carik.push('carik', 'once', carikPayload(150))
    await carik.settled(batch.id)
    await system.kill(first)
    const said = await readReceiverResults(system.receiver.url, system.receiver.token)
    const lines = said.toString().trim().split('\n').length
    expect(lines).toBeGreaterThan(300)

    const bps = system.as('bps-hasil')
    const posted = await bps.postResults('', 'toy-1', linesPayload(said))
    for (const point of POINTS) {
      const doomed = await system.start('work', { CRASH_AT: `results:${point}:1` })
      await doomed.ended
      expect([point, doomed.signal()]).toEqual([point, 'SIGKILL'])
    }
    await system.start('work')
    const { counts, gap } = await bps.settled(posted.batch.id)
    expect({ ...counts, gap }).toMatchObject({ received: lines, new: lines, rejected: 0, held: 0, pending: 0, gap: 0 })

    const results = await readAll(carik)
    expect(new Set(results.map(({ level, key }) => `${level} ${key}`)).size).toBe(results.length)
    expect(new Set(results.map(({ subject }) => subject)).size).toBe(lines)

    const again = await bps.postResults('', 'toy-2', linesPayload(said))
    expect((await bps.settled(again.batch.id)).counts).toMatchObject({ received: lines, unchanged: lines })
    const ops = system.as('ops')
    expect(await ops.get('/v1/conservation')).toMatchObject({ gap: 0 })
    await Promise.all([carik.close(), bps.close(), ops.close()])
  }, 600_000)
})
