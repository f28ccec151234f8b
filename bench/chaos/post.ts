import type { Credentials } from '../../src/cli/client/push.client.ts'
import type { Body } from './bodies.ts'

/** One push: its status, and the id of its batch where it was taken. Rejects when no answer came. */
export type Post = (key: string, body: Body) => Promise<{ status: number; batch?: string | undefined }>

const CALL_MS = 10_000

/** A platform's own way of calling the gateway, without the patience of our client: what goes wrong is seen. */
export function poster({ url, client, secret }: Credentials, giveUp: AbortSignal): Post {
  const limit = () => AbortSignal.any([giveUp, AbortSignal.timeout(CALL_MS)])
  let token: string | undefined
  const login = async () => {
    const basic = Buffer.from(`${client}:${secret}`).toString('base64')
    const answer = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
      signal: limit(),
    })
    const { access_token } = (await answer.json()) as { access_token?: string }
    return access_token
  }
  return async (key, { dataset, type, bytes }) => {
    token ??= await login()
    if (token === undefined) return { status: 0 }
    const answer = await fetch(`${url}/v1/datasets/${dataset}/batches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': `"${key}"`, 'content-type': type },
      body: bytes,
      signal: limit(),
    })
    const { status } = answer
    if (status === 401) token = undefined
    const { id } = (await answer.json()) as { id?: string }
    return { status, batch: status === 200 || status === 202 ? id : undefined }
  }
}
