import { expect, it } from 'vitest'
import { runChaos } from '../../../bench/chaos/run.ts'

const LONG = 600_000

it('loses, doubles and leaves nothing when faults come one upon the other', { timeout: LONG }, async () => {
  const lines: string[] = []
  const report = await runChaos({
    seed: 3,
    faults: 6,
    queue: 'postgres',
    workers: 2,
    settleSeconds: 120,
    signal: AbortSignal.timeout(LONG),
    say: (line) => lines.push(line),
  })
  expect([report, lines]).toEqual([
    expect.objectContaining({ unsettled: 0, lost: 0, doubled: 0, unexpected: 0, gap: 0, astray: 0, strangers: 0 }),
    lines,
  ])
  expect(report).toMatchObject({ clean: true, up_exit: 0, leftover: 0, acknowledged: report.attempted })
})
