import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openTurns } from '../../../src/intake/workbook/turns.file.ts'

const soon = () => new Promise<void>((resolve) => setImmediate(resolve))

it('lets one workbook of each platform be read, and a platform that has none before one that waits for its own', async () => {
  const turns = openTurns(2, 60_000)
  const begun: string[] = []
  const take = (name: string, platform: string) => turns.take(platform).then((end) => [begun.push(name), end] as const)
  const first = await take('a1', 'a')
  const second = take('a2', 'a')
  const [, endB] = await take('b1', 'b')
  const third = take('c1', 'c')
  await soon()
  expect(begun).toEqual(['a1', 'b1'])
  endB()
  const [, endC] = await third
  expect(begun).toEqual(['a1', 'b1', 'c1'])
  first[1]()
  const [, endA] = await second
  endA()
  endC()
  // Ended twice, a turn frees nobody else's.
  endC()
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2'])
})

it('refuses who waited too long, and gives the turn to the next', async () => {
  const turns = openTurns(1, 20)
  const end = await turns.take('a')
  await expect(turns.take('b')).rejects.toMatchObject({ code: 'too-many', retryAfterSeconds: 30 })
  end()
  expect(await turns.take('b')).toBeTypeOf('function')
})

it('never has more turns than there are, and loses none', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 20 }),
      async (most, asked) => {
        const turns = openTurns(most, 60_000)
        const now: string[] = []
        let done = 0
        await Promise.all(
          asked.map(async (platform) => {
            const end = await turns.take(platform)
            now.push(platform)
            expect(now.length).toBeLessThanOrEqual(most)
            expect(new Set(now).size).toBe(now.length)
            await soon()
            now.splice(now.indexOf(platform), 1)
            done += 1
            end()
          }),
        )
        expect(done).toBe(asked.length)
      },
    ),
    { numRuns: 50 },
  ))
