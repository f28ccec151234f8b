import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Credentials } from '../../src/cli/client/push.client.ts'
import type { Body, Source } from './bodies.ts'
import { type Post, poster } from './post.ts'

/** What a sender notes of a push when it is answered; it is all that the judge knows of what was sent. */
type Sent = { platform: string; key: string; digest: string; entries: number; tries: number; batch: string }
export type Journal = {
  attempted: number
  acknowledged: Sent[]
  /** Keys without an answer or refused for good, and keys answered with two batches: none is expected. */
  astray: string[]
  /** Where answers are written down as they come. */
  file: string
}
type Sender = { name: string; credentials: Credentials; below(n: number): number }
type Until = { ending: AbortSignal; giveUp: AbortSignal }

// What says nothing about the push: it is sent again with its key.
const AGAIN = new Set([401, 408, 409, 425, 429])

/**
 * Pushes one body after the other until `ending`. What was not answered is sent again with its key until `giveUp`; one in six is sent again
 * after its answer too, as by a sender that lost it.
 */
export async function sendFrom(
  source: Source,
  { name, credentials, below }: Sender,
  journal: Journal,
  { ending, giveUp }: Until,
) {
  const post = poster(credentials, giveUp)
  for (let n = 0; !ending.aborted; n++) {
    const body = source.draw(below)
    const key = `${name}-${n}`
    journal.attempted += 1
    const { batch, tries, status } = await untilAnswered(post, key, body, giveUp)
    if (batch === undefined) journal.astray.push(`${key}: ${status || 'no answer'} after ${tries} tries`)
    else {
      const digest = createHash('sha256').update(body.bytes).digest('hex')
      const sent = { platform: source.platform, key, digest, entries: body.entries, tries, batch }
      journal.acknowledged.push(sent)
      appendFileSync(journal.file, `${JSON.stringify(sent)}\n`)
      const again = below(6) === 0 ? await untilAnswered(post, key, body, giveUp) : { batch }
      if (again.batch !== batch) journal.astray.push(`${key}: ${batch}, then ${again.batch}`)
    }
    await wait(200 + below(1200), undefined, { signal: ending }).catch(() => undefined)
  }
}

async function untilAnswered(post: Post, key: string, body: Body, giveUp: AbortSignal) {
  for (let tries = 1; ; tries++) {
    const { status, batch } = await post(key, body).catch(() => ({ status: 0, batch: undefined }))
    const isFinal = status >= 400 && status < 500 && !AGAIN.has(status)
    if (batch !== undefined || isFinal || giveUp.aborted) return { batch, tries, status }
    await wait(Math.min(200 * tries, 1000), undefined, { signal: giveUp }).catch(() => undefined)
  }
}
