import { setInterval } from 'node:timers/promises'
import { families } from '../../../bench/families.ts'
import type { System } from '../../support/system.ts'
import { payloadOf } from '../families.ts'

/** Families of one batch, which is one delivery. */
const FAMILIES = 25
const EVERY_MS = 400
const MOST_BATCHES = 900

/** Batches that are pushed all the time, of families that nobody has sent before. */
export type Load = {
  /** Every batch that was acknowledged, with the number of its entries. */
  sent: ReadonlyMap<string, number>
  /** When each was acknowledged, by `performance.now()`. */
  at: ReadonlyMap<string, number>
  /** Throws what a push threw: whoever waits for a batch would wait for nothing. */
  check(): void
  /** Goes on pushing. */
  start(): void
  /** Pushes nothing more; resolves when the last push has its answer. Throws what a push threw. */
  stop(): Promise<void>
}

/** A platform that pushes a batch every 400 ms, whatever becomes of the others. */
export function openLoad(system: System): Load {
  const carik = system.as('carik-jakarta')
  const lines = [...families(FAMILIES * MOST_BATCHES, 1)]
  const sent = new Map<string, number>()
  const at = new Map<string, number>()
  let stopping = new AbortController()
  let pushing = Promise.resolve()
  let turn = 0
  let fault: unknown

  const push = async () => {
    const payload = payloadOf(lines.slice(turn * FAMILIES, (turn + 1) * FAMILIES))
    turn += 1
    const { batch } = await carik.push('carik', `kiriman-${turn}`, payload)
    sent.set(batch.id, FAMILIES)
    at.set(batch.id, performance.now())
  }
  const run = async ({ signal }: AbortController) => {
    for await (const _ of setInterval(EVERY_MS)) {
      if (signal.aborted) return
      await push()
    }
  }
  return {
    sent,
    at,
    check() {
      if (fault !== undefined) throw fault
    },
    start() {
      stopping = new AbortController()
      pushing = run(stopping)
      pushing.catch((error) => {
        fault = error
      })
    },
    async stop() {
      stopping.abort()
      await pushing
    },
  }
}
