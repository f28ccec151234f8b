import { setTimeout as delay } from 'node:timers/promises'
import { families, numbersFrom } from '../../bench/families.ts'
import type { Credentials } from '../../src/cli/client/push.client.ts'

const FAMILIES = 16
// A front that is cut off never answers: the other is asked.
const CALL_MS = 3000

/** Pushes batches through any of the fronts, each again under its key until it is answered, and knows what is settled. */
export function openLoad(fronts: readonly Credentials[]) {
  const giveUp = new AbortController()
  const ways = fronts.map((front) => ({ front, token: '' }))
  const acknowledged = new Map<string, number>()
  const open = new Set<string>()
  const below = numbersFrom(17)
  let [next, way] = [0, 0]

  async function post(key: string, body: Uint8Array<ArrayBuffer>) {
    const one = ways[way % ways.length] as (typeof ways)[number]
    one.token ||= await login(one.front)
    const answer = await fetch(`${one.front.url}/v1/datasets/carik/batches`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${one.token}`,
        'idempotency-key': `"${key}"`,
        'content-type': 'application/x-ndjson',
      },
      body,
      signal: AbortSignal.timeout(CALL_MS),
    })
    if (answer.status === 401) one.token = ''
    const { id } = (await answer.json()) as { id?: string }
    return { status: answer.status, batch: answer.ok ? id : undefined }
  }

  async function push(): Promise<string> {
    const at = next++
    const bytes = Buffer.from(`${[...families(FAMILIES, 1 + below(3), below(60) * FAMILIES)].join('\n')}\n`)
    for (;;) {
      const { status, batch } = await post(`cluster-${at}`, bytes).catch(() => ({ status: 0, batch: undefined }))
      if (batch !== undefined) {
        acknowledged.set(batch, FAMILIES)
        open.add(batch)
        return batch
      }
      if (giveUp.signal.aborted) throw new Error('given up')
      if (status >= 400 && status < 500 && ![401, 408, 409, 425, 429].includes(status))
        throw new Error(`refused: ${status}`)
      way += 1
      await delay(100)
    }
  }

  /** Asks by every front until one answers, first by that which answered last: one that is cut off costs its wait once. */
  async function look(batch: string): Promise<string | undefined> {
    for (let tried = 0; tried < ways.length; tried++) {
      const one = ways[way % ways.length] as (typeof ways)[number]
      try {
        one.token ||= await login(one.front)
        const answer = await fetch(`${one.front.url}/v1/batches/${batch}`, {
          headers: { authorization: `Bearer ${one.token}` },
          signal: AbortSignal.timeout(CALL_MS),
        })
        if (answer.status === 401) one.token = ''
        if (answer.ok) return ((await answer.json()) as { state: string }).state
      } catch {
        // The next front may answer.
      }
      way += 1
    }
    return undefined
  }

  return {
    acknowledged,
    push,
    /** Waits until every batch that was taken is settled, and says how many seconds after `from` that was. */
    async settled(from: number, seconds: number): Promise<number> {
      while (open.size > 0) {
        for (const batch of [...open].reverse()) {
          const state = await look(batch)
          if (state === 'settled') open.delete(batch)
          else break
        }
        if (performance.now() - from > seconds * 1000)
          throw new Error(`${open.size} batches are not settled after ${seconds} s: ${[...open].slice(0, 3)}`)
        if (open.size > 0) await delay(100)
      }
      return (performance.now() - from) / 1000
    },
    close: () => giveUp.abort(),
  }
}

async function login({ url, client, secret }: Credentials): Promise<string> {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
    signal: AbortSignal.timeout(CALL_MS),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}
