import { setImmediate as soon } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { constants, createContext } from 'node:vm'
import { beforeAll, expect, it } from 'vitest'
import { bufferFreer, freeMemory } from '../../src/io/free-memory.ts'

const MB = 1024 * 1024

// As with --expose-gc, which a gateway is started with.
beforeAll(() => {
  setFlagsFromString('--expose-gc')
  globalThis.gc = (createContext(constants.DONT_CONTEXTIFY) as typeof globalThis).gc
})

it('frees the buffers that a long stream leaves behind, those too that lived for a while', async () => {
  freeMemory()
  const before = process.memoryUsage().arrayBuffers
  const free = bufferFreer()
  const waiting: Buffer[] = []
  let most = 0
  for (let piece = 0; piece < 1000; piece += 1) {
    waiting.push(Buffer.alloc(MB / 8, piece))
    // Some survive two collections, and are old.
    if (waiting.length > 40) waiting.splice(0, 20)
    free(MB / 8)
    if (piece % 8 === 7) await soon()
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  expect(most / MB).toBeLessThan(32)
})

it('gives back what nothing holds', () => {
  let held: object[] | undefined = Array.from({ length: 500_000 }, (_, at) => ({ at, text: `text ${at}` }))
  expect(held.length).toBe(500_000)
  const before = process.memoryUsage().heapTotal
  held = undefined
  freeMemory()
  expect(process.memoryUsage().heapTotal).toBeLessThan(before - 20 * MB)
})
