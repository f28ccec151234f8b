import type { Pool } from 'pg'
import { CHUNK, STAGE } from '../domain/states.ts'
import type { ClaimedChunk, Stage, StageResult } from '../engine/stage.ts'
import type { Vault } from '../trust/keys/vault.ts'
import type { Verdict } from './answer.ts'
import { backoffSeconds, pauseSeconds, refusedSeconds } from './backoff.ts'
import { type BreakerLimits, noteFailure, notePause, noteSuccess, passBreaker } from './breaker.sql.ts'
import { countAttempt, type Delivery, deliveryOfChunk, noteAnswer, openPayload } from './delivery.sql.ts'
import type { ReceiverClient } from './receiver.client.ts'
import { refusalsOf, settleDelivery } from './settle.sql.ts'

export type ForwardDeps = {
  db: Pool
  vault: Pick<Vault, 'open'>
  /** Where deliveries are pushed to; undefined when BPS pulls them, and its acknowledgement settles the chunk. */
  receiver: ReceiverClient | undefined
  breaker: BreakerLimits
  log: { info(fields: object, message: string): void }
  crash: (point: 'forward:before-send' | 'forward:after-send') => void
  /** A number in [0, 1), for jitter. */
  random: () => number
}

const PULL_SECONDS = 3600
const ABORTED_SECONDS = 1

/**
 * Hands the delivery of a linked chunk to BPS. No transaction is open while it calls. An attempt that ended without a
 * receipt may still have had its effect, so every later one asks before it sends, and it sends the same bytes.
 */
export function forwardStage(deps: ForwardDeps): Stage {
  return {
    ...STAGE.forward,
    async run(chunk, signal) {
      const delivery = await deliveryOfChunk(deps.db, chunk.id)
      if (delivery === undefined) throw new Error(`chunk ${chunk.id} is linked but has no delivery`)
      if (delivery.state === 'acknowledged') return { is: 'done', save: async () => CHUNK.settled }
      if (deps.receiver === undefined) return { is: 'later', seconds: PULL_SECONDS }
      return push(deps, deps.receiver, { chunk, delivery, signal })
    },
  }
}

type Work = { chunk: ClaimedChunk; delivery: Delivery; signal: AbortSignal }

async function push(deps: ForwardDeps, receiver: ReceiverClient, work: Work): Promise<StageResult> {
  const { destination } = receiver
  const passage = await passBreaker(deps.db, destination, deps.breaker)
  if (passage.is === 'wait') return { is: 'later', seconds: passage.seconds + deps.random() }
  const attempts = await countAttempt(deps.db, work.delivery.id)
  const verdict = await send(deps, receiver, work, attempts)
  // The lease is gone: the answer, or its absence, says nothing about the receiver.
  if (work.signal.aborted) return { is: 'later', seconds: ABORTED_SECONDS }
  if (verdict.is === 'receipt') {
    const { receipt } = verdict
    await noteSuccess(deps.db, destination)
    const findings = await refusalsOf(deps.db, deps.vault, work.delivery, receipt.refused)
    return {
      is: 'done',
      save: async (tx) => {
        await settleDelivery(tx, work.delivery, { by: 'push', receipt, findings })
        return CHUNK.settled
      },
    }
  }
  const seconds = await remember(deps, destination, verdict, attempts)
  await noteAnswer(deps.db, work.delivery.id, answerOf(verdict))
  deps.log.info({ delivery: work.delivery.id, chunk: work.chunk.id, attempts, ...verdict, seconds }, 'not delivered')
  return { is: 'later', seconds }
}

/** A verdict in a word or two, for those who operate the gateway: `busy for 120 s`, `refused: status-422`. */
function answerOf(verdict: Unsent): string {
  if (verdict.is === 'busy') return verdict.seconds === undefined ? 'busy' : `busy for ${verdict.seconds} s`
  return verdict.is === 'absent' ? 'absent' : `${verdict.is}: ${verdict.reason}`
}

type Unsent = Exclude<Verdict, { is: 'receipt' }>

async function send(deps: ForwardDeps, receiver: ReceiverClient, work: Work, attempts: number): Promise<Verdict> {
  const { delivery, signal } = work
  if (attempts > 1) {
    const found = await receiver.find(delivery.manifest, signal)
    if (found.is !== 'absent') return found
  }
  const bytes = await openPayload(deps.db, deps.vault, delivery)
  if (bytes === undefined) throw new Error(`delivery ${delivery.id} was never acknowledged and has lost its bytes`)
  deps.crash('forward:before-send')
  const verdict = await receiver.put(delivery.manifest, bytes, signal)
  deps.crash('forward:after-send')
  return verdict
}

/** Tells the breaker, and says after how many seconds to try again. */
async function remember(deps: ForwardDeps, destination: string, verdict: Unsent, attempts: number): Promise<number> {
  const random = deps.random()
  switch (verdict.is) {
    case 'busy': {
      const seconds = pauseSeconds(verdict.seconds, attempts, random)
      await notePause(deps.db, destination, seconds)
      return seconds + random
    }
    case 'failed':
      await noteFailure(deps.db, destination, deps.breaker)
      return backoffSeconds(attempts, random)
    case 'refused':
      await noteSuccess(deps.db, destination)
      return refusedSeconds(attempts, random)
    default:
      await noteSuccess(deps.db, destination)
      return backoffSeconds(attempts, random)
  }
}
