import { describe, expect, it } from 'vitest'
import { keepRunning } from '../../../src/io/local/keep-running.ts'
import { until } from '../../support/running.ts'

/** Something that runs until it is stopped or told to die. */
function running() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const log: string[] = []
  const end = () => resolve()
  const stop = async () => {
    log.push('stopped')
    resolve()
  }
  return { ended: promise, end, stop, log }
}

describe('what is kept running', () => {
  it('is started again when it ends, also when a start fails in between', async () => {
    const started: ReturnType<typeof running>[] = []
    const said: string[] = []
    const start = async (attempt: number) => {
      if (attempt === 1) throw new Error('no port yet')
      const one = running()
      started.push(one)
      return one
    }
    const kept = await keepRunning(start, (message) => said.push(message), new AbortController().signal)
    started[0]?.end()
    await until(() => started.length === 2)
    await kept.stop()
    expect(said).toEqual(['ended by itself and is started again', 'no port yet'])
    expect(started.map(({ log }) => log)).toEqual([[], ['stopped']])
  })

  it('passes on the failure of its first start', async () => {
    const start = () => Promise.reject(new Error('no'))
    await expect(keepRunning(start, () => undefined, new AbortController().signal)).rejects.toThrow('no')
  })

  it('is not started again once all is ending', async () => {
    const ending = new AbortController()
    const one = running()
    let starts = 0
    const start = async () => {
      starts += 1
      return one
    }
    const kept = await keepRunning(start, () => undefined, ending.signal)
    ending.abort()
    one.end()
    await kept.stop()
    expect([starts, one.log]).toEqual([1, ['stopped']])
  })
})
