import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Credentials } from '../../src/cli/client/push.client.ts'
import type { Body, Source } from './bodies.ts'

type Below = (n: number) => number
/** What a sender notes of a push when it is answered; it is all that the judge knows of what was sent. */
export type Sent = { platform: string; key: string; digest: string; entries: number; tries: number; batch: string }
export type Journal = {
  attempted: number
  acknowledged: Sent[]
  /** Keys answered with two batches, and pushes refused for good: none is expected. */
  astray: string[]
}

const CALL_MS = 10_000
// What says nothing about the push: it is sent again with its key.
const AGAIN = new Set([401, 408, 409, 425, 429])

/**
 * Pushes one body after the other until `ending`; what was not answered is sent again with the same key until `giveUp`. One in six is sent
 * once more after its answer, as a sender does that lost it.
 */
export async function sendFrom(
  source: Source,
  { name, credentials, below }: { name: string; credentials: Credentials; below: Below },
  journal: Journal & { file: string },
  { ending, giveUp }: { ending: AbortSignal; giveUp: AbortSignal },
): Promise<void> {
  const post = poster(credentials, giveUp)
  for (let n = 0; !ending.aborted; n++) {
    const body = source.draw(below)
    const key = `${name}-${n}`
    journal.attempted += 1
    const { batch, tries, status } = await untilAnswered(post, key, body, giveUp)
    if (batch === undefined) {
      journal.astray.push(`${key}: ${status === 0 ? 'no answer' : status} after ${tries} tries`)
      return
    }
    const digest = createHash('sha256').update(body.bytes).digest('hex')
    const sent = { platform: source.platform, key, digest, entries: body.entries, tries, batch }
    journal.acknowledged.push(sent)
    appendFileSync(journal.file, `${JSON.stringify(sent)}\n`)
    if (below(6) === 0) {
      const again = await untilAnswered(post, key, body, giveUp)
      if (again.batch !== batch) journal.astray.push(`${key}: ${batch}, then ${again.batch}`)
    }
    await wait(200 + below(1200), undefined, { signal: ending }).catch(() => undefined)
  }
}

type Post = (key: string, body: Body) => Promise<{ status: number; batch?: string }>

async function untilAnswered(post: Post, key: string, body: Body, giveUp: AbortSignal) {
  for (let tries = 1; ; tries++) {
    const { status, batch } = await post(key, body).catch(() => ({ status: 0, batch: undefined }))
    if (batch !== undefined) return { batch, tries, status }
    const isFinal = status >= 400 && status < 500 && !AGAIN.has(status)
    if (isFinal || giveUp.aborted) return { batch: undefined, tries, status }
    await wait(Math.min(200 * tries, 1000), undefined, { signal: giveUp }).catch(() => undefined)
  }
}

function poster({ url, client, secret }: Credentials, giveUp: AbortSignal): Post {
  let token: string | undefined
  const limit = () => AbortSignal.any([giveUp, AbortSignal.timeout(CALL_MS)])
  const login = async () => {
    const basic = Buffer.from(`${client}:${secret}`).toString('base64')
    const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers,
      body: 'grant_type=client_credentials',
      signal: limit(),
    })
    const { access_token } = (await answer.json()) as { access_token?: string }
    return access_token
  }
  return async (key, body) => {
    token ??= await login()
    if (token === undefined) return { status: 0 }
    const answer = await fetch(`${url}/v1/datasets/${body.dataset}/batches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': `"${key}"`, 'content-type': body.type },
      body: body.bytes,
      signal: limit(),
    })
    const { status } = answer
    if (status === 401) token = undefined
    const said = (await answer.json()) as { id?: string }
    return status === 200 || status === 202 ? { status, ...(said.id && { batch: said.id }) } : { status }
  }
}
