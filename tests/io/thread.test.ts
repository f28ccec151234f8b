import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openThread } from '../../src/io/thread.ts'

type Task = { until: number; harm?: 'burn' | 'eat' | 'throw' }

function counting(deadlineMs = 10_000) {
  const thread = openThread<Task, number>({
    file: new URL('./counting.thread.ts', import.meta.url),
    data: { start: 100 },
    deadlineMs,
    memoryMb: 64,
  })
  return Object.assign(thread, { [Symbol.asyncDispose]: () => thread.close() })
}

describe('a thread', () => {
  it('works tasks in their order with the data it was started with', async () => {
    await using thread = counting()
    const sums = await Promise.all([thread.run({ until: 3 }), thread.run({ until: 4 })])
    expect(sums).toEqual([
      { is: 'done', value: 106 },
      { is: 'done', value: 110 },
    ])
  })

  it.each([
    ['time', 'burn', 500],
    ['memory', 'eat', 20_000],
  ] as const)(
    'that runs out of %s is stopped, says where it was, and the next task finds a fresh one',
    async (why, harm, deadlineMs) => {
      await using thread = counting(deadlineMs)
      expect(await thread.run({ until: 7, harm })).toEqual({ is: 'stuck', position: 7, why })
      expect(await thread.run({ until: 1 })).toEqual({ is: 'done', value: 101 })
    },
  )

  it('throws at the asker what a task throws, with its code, and goes on', async () => {
    await using thread = counting()
    await expect(thread.run({ until: 2, harm: 'throw' })).rejects.toMatchObject({ code: 'dataset-unknown' })
    expect(await thread.run({ until: 1 })).toEqual({ is: 'done', value: 101 })
  })

  it('leaves no listener behind after many tasks', async () => {
    await using thread = counting()
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    for (let until = 1; until < 20; until++) await thread.run({ until })
    await new Promise(setImmediate)
    process.off('warning', note)
    expect(warnings).toEqual([])
  })

  it('that was started early works as one that was not', async () => {
    await using thread = counting()
    await thread.start()
    expect(await thread.run({ until: 3 })).toEqual({ is: 'done', value: 106 })
  })

  it('lets the next tasks go on while one stays at one position', async () => {
    await using thread = counting(4_000)
    const ended: string[] = []
    const stuck = thread.run({ until: 2, harm: 'burn' }).then((result) => ended.push(result.is))
    expect(await thread.run({ until: 1 })).toEqual({ is: 'done', value: 101 })
    expect(ended).toEqual([])
    await stuck
    expect(ended).toEqual(['stuck'])
  })

  it('that stays at one position gives way to everything else', async () => {
    await using thread = counting(3_000)
    const stuck = thread.run({ until: 2, harm: 'burn' })
    const seen = new Set<number>()
    const looking = setInterval(() => {
      for (const nice of nicenesses()) seen.add(nice)
    }, 50)
    expect(await stuck).toMatchObject({ is: 'stuck', why: 'time' })
    clearInterval(looking)
    // Elsewhere than on Linux a thread has no priority of its own.
    expect(seen.has(19)).toBe(process.platform === 'linux')
    expect(await thread.run({ until: 1 })).toEqual({ is: 'done', value: 101 })
    expect(nicenesses()).not.toContain(19)
  })
})

/** How far each thread of this process gives way, from 0 to 19: the 19th field of its line in proc(5). */
function nicenesses(): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/task').flatMap((id) => {
    try {
      const fields = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      return Number(fields[16])
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}
