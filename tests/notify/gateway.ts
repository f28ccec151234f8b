import type { Pool } from 'pg'
import { parseNetworks } from '../../src/notify/address.ts'
import { noteEvent } from '../../src/notify/event.sql.ts'
import { openPoster, type PosterOptions } from '../../src/notify/post.client.ts'
import { type SenderDeps, startSender } from '../../src/notify/sender.db.ts'
import type { Vault } from '../../src/trust/keys/vault.ts'
import { openGateway } from '../flows/gateway.ts'

export const LOOPBACK = parseNetworks('127.0.0.0/8')

/** A gateway whose platforms may have webhooks on this machine, and a client of one that sets them. */
export async function openWebhooks(platform = 'utara') {
  const gateway = await openGateway({ WEBHOOK_NETWORKS: '127.0.0.0/8' })
  const call = await gateway.caller(platform, ['webhooks:write'])
  const send = async <T>(method: string, path: string, body?: object) => {
    const answer = await call(`/v1/webhooks${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T }
  }
  return Object.assign(gateway, { send, client: call })
}

/** A sender that calls this machine, with pauses of its own; closed by `await using`. */
export function sending(
  { db, vault }: { db: Pool; vault: Pick<Vault, 'open'> },
  over: Partial<SenderDeps> & Partial<Pick<PosterOptions, 'deadlineMs' | 'networks'>> = {},
) {
  const { deadlineMs = 2000, networks = LOOPBACK, ...rest } = over
  const poster = openPoster({ networks, deadlineMs, proxyFor: () => undefined })
  const log = { info: () => undefined, warn: () => undefined }
  const sender = startSender({
    db,
    vault,
    poster,
    log,
    crash: () => undefined,
    random: () => 0,
    callSeconds: 2,
    ...rest,
  })
  return {
    async [Symbol.asyncDispose]() {
      await sender.close()
      await poster.close()
    },
  }
}

/** An event of a platform as a settled batch makes one. */
export function noteBatch(db: Pool, batch: string, platform = 'utara') {
  const data = { batch, dataset: 'orang', received: 1, new: 1, updated: 0, unchanged: 0, rejected: 0, held: 0 }
  return noteEvent(db, { platform, type: 'batch.settled', data })
}
