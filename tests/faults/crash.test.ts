import { describe, expect, it } from 'vitest'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

const FAMILIES = 1000
const POINTS = ['claimed', 'worked', 'before-commit', 'after-commit', 'before-dispatch']
const STAGES = ['clean', 'link', 'forward']
const NAMED = [
  ...STAGES.flatMap((stage) => POINTS.map((point) => `${stage}:${point}`)),
  'link:inserted',
  'link:locked',
  'link:mended',
  'forward:before-send',
  'forward:after-send',
]

describe('a worker that dies', () => {
  it('loses and doubles nothing at any named point, one death after another', async () => {
    await using system = await startSystem()
    await system.start('serve')
    await system.start('receiver')
    const gateway = system.as('carik-jakarta')
    const { batch } = await gateway.push('carik', 'once', carikPayload(FAMILIES))
    for (const point of NAMED) {
      const doomed = await system.start('work', { CRASH_AT: `${point}:1` })
      await doomed.ended
      expect([point, doomed.signal()]).toEqual([point, 'SIGKILL'])
    }
    await system.start('work')
    const settled = await gateway.settled(batch.id)
    expect(settled.counts.new).toBe(FAMILIES)
    expect(await judge(system, new Map([[batch.id, FAMILIES]]))).toMatchObject(FLAWLESS)
    await gateway.close()
  }, 600_000)

  it('settles by itself when workers are killed at random while a batch is on its way', async () => {
    await using system = await startSystem()
    await system.start('serve')
    await system.start('receiver')
    let worker = await system.start('work')
    const gateway = system.as('carik-jakarta')
    const { batch } = await gateway.push('carik', 'once', carikPayload(1000))
    for (let deaths = 0; deaths < 4; deaths++) {
      const { counts } = await gateway.get<{ counts: { pending: number } }>(`/v1/batches/${batch.id}`)
      const aim = counts.pending - 100
      for (let now = counts.pending; now > 0 && now > aim; ) {
        now = (await gateway.get<{ counts: { pending: number } }>(`/v1/batches/${batch.id}`)).counts.pending
      }
      await system.kill(worker)
      worker = await system.start('work')
    }
    await gateway.settled(batch.id)
    expect(await judge(system, new Map([[batch.id, 1000]]))).toMatchObject(FLAWLESS)
    await gateway.close()
  }, 600_000)

  it('is fenced when it wakes up after its chunk was taken over', async () => {
    await using system = await startSystem()
    await system.start('serve')
    await system.start('receiver')
    const sleeper = await system.start('work')
    const gateway = system.as('carik-jakarta')
    const { batch } = await gateway.push('carik', 'once', carikPayload(500))
    process.kill(sleeper.pid as number, 'SIGSTOP')
    await system.start('work')
    await gateway.settled(batch.id)
    process.kill(sleeper.pid as number, 'SIGCONT')
    const again = await gateway.push('carik', 'twice', carikPayload(500))
    await gateway.settled(again.batch.id)
    const sent = new Map([
      [batch.id, 500],
      [again.batch.id, 500],
    ])
    expect(await judge(system, sent)).toMatchObject(FLAWLESS)
    await gateway.close()
  }, 600_000)
})
