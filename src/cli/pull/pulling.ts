import type { KeyObject } from 'node:crypto'
import { TitianError } from '../../domain/error.ts'
import type { Feed } from '../../forward/feed.ts'
import { addressOf, type Gateway } from '../client/push.client.ts'
import type { FeedPlace, PullFolder } from './folder.file.ts'
import { type FeedEntry, verifyAnswer, verifyBytes, verifyChain, verifyManifest } from './verify.ts'

export type Pulling = {
  gateway: Gateway
  url: string
  folder: PullFolder
  /** Whom signatures are believed of; undefined: signatures and chain are not looked at. */
  keys: ReadonlyMap<string, KeyObject> | undefined
  /** Begin at the beginning of the feed, wherever the folder stands. */
  again: boolean
  /** Go on for ever, with long polls. */
  follow: boolean
  acknowledge: boolean
  crash: (point: string) => void
  signal: AbortSignal
  /** Hears of each delivery that is here and acknowledged. */
  said: (entry: FeedEntry) => void
}

const PAGE = 100
const WAIT_SECONDS = 20
const MOST_LEASED = 4

/** Follows the feed from where the folder stands: each delivery is verified, stored, acknowledged, and only then passed. */
export async function pullFeed(pulling: Pulling): Promise<void> {
  const { gateway, url, folder, keys, follow, signal } = pulling
  let place: FeedPlace = (pulling.again ? undefined : await folder.place()) ?? { after: '0' }
  while (!signal.aborted) {
    const path = `/v1/deliveries?after=${place.after}&limit=${PAGE}${follow ? `&wait=${WAIT_SECONDS}` : ''}`
    const answer = await gateway.read(path)
    if (keys !== undefined) await verifyAnswer(answer, { url: addressOf(path, url).href, what: 'the feed', keys })
    const page = JSON.parse(answer.bytes.toString()) as Feed
    for (const entry of page.deliveries) {
      // After a first load, and after deliveries that were not checked, the chain begins with what comes next.
      const isAnchored = place.end !== undefined || place.after === '0'
      const begin = { chain: entry.chain, digest: entry.manifest.digest }
      const end = keys === undefined ? undefined : isAnchored ? verifyChain(entry, place.end) : begin
      await take(pulling, entry)
      if (pulling.acknowledge)
        await gateway.post(`/v1/deliveries/${entry.manifest.delivery}/ack`, { digest: entry.manifest.digest })
      pulling.crash('pull:acknowledged')
      const epoch = page.next.includes('-') ? `${page.next.split('-')[0]}-` : ''
      place = { after: `${epoch}${entry.position}`, ...(end && { end }) }
      await folder.note(place)
      pulling.said(entry)
    }
    if (page.deliveries.length === 0 && !follow) return
  }
}

type Leased = { lease: string | null; deliveries: FeedEntry[] }

/** Takes deliveries on leases, beside other pullers; each is verified, stored and acknowledged under its lease. */
export async function pullLeased(pulling: Pulling, seconds: number): Promise<void> {
  const { gateway, follow, signal } = pulling
  while (!signal.aborted) {
    const asked = { most: MOST_LEASED, seconds, ...(follow && { wait: WAIT_SECONDS }) }
    const { lease, deliveries } = await gateway.post<Leased>('/v1/deliveries/lease', asked)
    if (lease === null && !follow) return
    if (lease === null) continue
    const open = new Set(deliveries)
    // Lest others take what a slow line or a slow disk holds up.
    const keeping = setInterval(() => void keepLease(gateway, { lease, seconds }, open), (seconds * 1000) / 3)
    try {
      for (const entry of deliveries) {
        await take(pulling, entry)
        if (!(await acknowledgeLeased(gateway, entry, lease))) break
        open.delete(entry)
        pulling.crash('pull:acknowledged')
        pulling.said(entry)
      }
    } finally {
      clearInterval(keeping)
    }
  }
}

/** Extends the lease on what is not acknowledged yet; what is lost shows when it is acknowledged. */
async function keepLease(
  gateway: Gateway,
  lease: { lease: string; seconds: number },
  open: ReadonlySet<FeedEntry>,
): Promise<void> {
  for (const { manifest } of open)
    await gateway.post(`/v1/deliveries/${manifest.delivery}/lease`, lease).catch(() => undefined)
}

/** Whether it was still ours: whoever has it by now gets the same bytes. */
async function acknowledgeLeased(gateway: Gateway, { manifest }: FeedEntry, lease: string): Promise<boolean> {
  try {
    await gateway.post(`/v1/deliveries/${manifest.delivery}/ack`, { digest: manifest.digest, lease })
    return true
  } catch (error) {
    if (error instanceof TitianError && error.code === 'lease-lost') return false
    throw error
  }
}

async function take({ gateway, url, folder, keys, crash }: Pulling, entry: FeedEntry): Promise<void> {
  if (await folder.has(entry)) return
  const path = `/v1/deliveries/${entry.manifest.delivery}/records`
  const answer = await gateway.read(path, { accept: 'application/x-ndjson', 'accept-encoding': 'zstd' })
  if (keys !== undefined) {
    const what = entry.manifest.delivery
    await verifyAnswer(answer, {
      url: addressOf(path, url).href,
      what,
      keys,
      needs: ['content-encoding', 'titian-manifest'],
    })
    verifyManifest(entry, answer)
  }
  verifyBytes(entry, answer.bytes)
  crash('pull:verified')
  await folder.store(entry, answer.bytes)
  crash('pull:stored')
}
