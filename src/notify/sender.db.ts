import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Crash } from '../io/observe/crash.ts'
import type { Log } from '../io/observe/log.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { within } from '../io/within.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { planEvents } from './event.sql.ts'
import { bodyOf } from './events.ts'
import {
  type ClaimedMessage,
  claimMessages,
  endMessage,
  isSilentSince,
  noteArrival,
  noteAttempt,
  noteSilence,
  postponeMessage,
  releaseMessage,
  restWebhook,
} from './message.sql.ts'
import type { Poster } from './post.client.ts'
import { type Attempted, nextAttemptSeconds, RETRY_SECONDS, restSeconds } from './schedule.ts'
import { secretPlace, signWebhook } from './signature.ts'
import { disableWebhook } from './webhook.sql.ts'

export type SenderDeps = {
  db: Pool
  vault: Pick<Vault, 'open'>
  poster: Poster
  log: Pick<Log, 'info' | 'warn'>
  crash: Crash
  random: () => number
  /** Seconds that a call may take; a message is held somewhat longer. */
  callSeconds: number
  schedule?: readonly number[]
}

const PAUSE_MS = 500
// A call is little more than a socket. One platform alone cannot take them all, however slowly it answers.
const AT_ONCE = 64
const EACH = 4
const EACH_PLATFORM = 16
const LEASE_MARGIN_SECONDS = 30
const CLOSE_MS = 5000
const SENDER = 'titian'

/** Sends what is due until it is closed: as many processes as you like, none sends what another has in hand. */
export function startSender(deps: SenderDeps): { close(): Promise<void> } {
  const stopping = new AbortController()
  const aborting = new AbortController()
  const underWay = new Set<Promise<void>>()
  const running = sendUntil(stopping.signal, aborting.signal, deps, underWay)
  return {
    async close() {
      stopping.abort()
      await running
      await within(CLOSE_MS, Promise.all(underWay)).catch(() => undefined)
      aborting.abort()
      await Promise.all(underWay)
    },
  }
}

async function sendUntil(stopped: AbortSignal, aborted: AbortSignal, deps: SenderDeps, underWay: Set<Promise<void>>) {
  while (!stopped.aborted) {
    const taken = await takeDue(deps, AT_ONCE - underWay.size).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'webhooks not looked at')
      return []
    })
    for (const message of taken) {
      const sending: Promise<void> = sendMessage(deps, message, aborted)
        .catch((error: unknown) => deps.log.warn({ event: message.event, err: error }, 'webhook not sent'))
        .then(() => void underWay.delete(sending))
      underWay.add(sending)
    }
    if (taken.length > 0 && underWay.size < AT_ONCE) continue
    await Promise.race([delay(PAUSE_MS, undefined, { signal: stopped }).catch(() => undefined), ...underWay])
  }
}

async function takeDue({ db, callSeconds }: SenderDeps, limit: number): Promise<ClaimedMessage[]> {
  await planEvents(db)
  if (limit < 1) return []
  const leaseSeconds = callSeconds + LEASE_MARGIN_SECONDS
  return claimMessages(db, { limit, each: EACH, eachPlatform: EACH_PLATFORM, leaseSeconds })
}

/** Sends one message that was claimed, and notes what became of it. */
async function sendMessage(deps: SenderDeps, message: ClaimedMessage, aborted: AbortSignal): Promise<void> {
  const { db, log, crash } = deps
  crash('notify:claimed')
  const started = performance.now()
  const result = await deps.poster.send(postOf(deps, message), aborted)
  if (result.is === 'aborted') return releaseMessage(db, message)
  const milliseconds = Math.round(performance.now() - started)
  crash('notify:sent')
  const next = await inTransaction(db, async (tx) => {
    const said = await settle(tx, deps, message, result, milliseconds)
    crash('notify:before-commit')
    return said
  })
  crash('notify:committed')
  const { webhook, event, platform, name, claim } = message
  const { is, status } = result
  log[next === 'disabled' ? 'warn' : 'info']({
    webhook,
    platform,
    name,
    event,
    claim,
    is,
    status,
    next,
    ms: milliseconds,
  })
}

function postOf({ vault }: SenderDeps, message: ClaimedMessage) {
  const { platform, name, secret, earlierSecret, event, url } = message
  const secrets = [secret, ...(earlierSecret === null ? [] : [earlierSecret])].map((sealed) =>
    vault.open(sealed, secretPlace(platform, name)).toString(),
  )
  const body = bodyOf(message)
  return { url, body, headers: signWebhook({ id: event, seconds: Math.floor(Date.now() / 1000), body }, secrets) }
}

/** Saves what an attempt means for its webhook and its message, in this order: whoever takes rows of both begins with the webhook. */
async function settle(
  tx: PoolClient,
  { random, schedule = RETRY_SECONDS }: SenderDeps,
  message: ClaimedMessage,
  result: Attempted,
  milliseconds: number,
): Promise<'delivered' | 'later' | 'given-up' | 'disabled'> {
  const { webhook } = message
  if (result.is === 'delivered') {
    await noteArrival(tx, webhook)
    await noteAttempt(tx, message, result, milliseconds)
    await endMessage(tx, message, 'delivered')
    return 'delivered'
  }
  const failures = await noteSilence(tx, webhook)
  await noteAttempt(tx, message, result, milliseconds)
  if (result.is === 'gone') {
    await endMessage(tx, message, 'failed')
    return disable(tx, message, 'gone')
  }
  const rest = restSeconds(failures, result.retryAfter)
  await restWebhook(tx, webhook, rest)
  const isTest = message.type === 'webhook.test'
  const seconds = isTest ? undefined : nextAttemptSeconds(message.failures + 1, random(), schedule)
  if (seconds !== undefined) {
    await postponeMessage(tx, message, Math.max(seconds, rest))
    return 'later'
  }
  const isSilent = !isTest && (await isSilentSince(tx, message))
  await endMessage(tx, message, 'failed')
  // Where others arrived meanwhile, this message alone is what the webhook cannot take.
  return isSilent ? disable(tx, message, 'failing') : 'given-up'
}

async function disable(tx: PoolClient, { webhook, platform, name }: ClaimedMessage, reason: 'gone' | 'failing') {
  if (!(await disableWebhook(tx, webhook, reason))) return 'given-up'
  await appendAudit(tx, {
    actor: SENDER,
    action: 'webhook.disabled',
    object: webhook,
    details: { platform, name, reason },
  })
  return 'disabled'
}
