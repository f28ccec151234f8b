import { hash, type KeyObject } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { zstdDecompressSync } from 'node:zlib'
import { TitianError } from '../../domain/error.ts'
import type { Feed } from '../../forward/feed.ts'
import { digestText } from '../../forward/manifest.ts'
import { ALWAYS_COVERED, PULL_TAG } from '../../forward/pull/covered.ts'
import { verifyMessage } from '../../trust/signatures/signature.ts'
import type { RawAnswer } from '../client/push.client.ts'

export type FeedEntry = Feed['deliveries'][number]

/** Where a puller stands in the chain: the last link, and the digest of the last delivery; nothing at the beginning of the feed. */
export type ChainEnd = { chain: string; digest: string }

const MOST_AGE_SECONDS = 600
const SKEW_SECONDS = 60

/** Throws `delivery-unverified` unless the bytes are those of the manifest and their lines add up. Gives the NDJSON. */
export function verifyBytes({ manifest }: FeedEntry, bytes: Buffer): Buffer {
  const { delivery, records } = manifest
  if (bytes.length !== manifest.bytes || digestText(hash('sha256', bytes, 'buffer')) !== manifest.digest)
    throw unverified(delivery, 'the bytes are not those that its manifest names')
  const text = zstdDecompressSync(bytes)
  const found = { keluarga: 0, individu: 0 }
  for (const line of text.toString().split('\n')) if (line !== '') found[levelOf(line, delivery)] += 1
  if (found.keluarga !== records.keluarga || found.individu !== records.individu)
    throw unverified(delivery, 'its lines do not add up to what its manifest names')
  return text
}

/** Throws `delivery-unverified` unless an answer is signed by one of the keys for this very request, and its digest is right. */
export async function verifyAnswer(
  answer: RawAnswer,
  {
    url,
    what,
    keys,
    needs = [],
  }: { url: string; what: string; keys: ReadonlyMap<string, KeyObject>; needs?: string[] },
): Promise<void> {
  if (answer.headers['content-digest'] !== digestText(hash('sha256', answer.bytes, 'buffer')))
    throw unverified(what, 'its Content-Digest is wrong')
  const verdict = await verifyMessage(
    { status: 200, headers: answer.headers, request: { method: 'GET', url, headers: {} } },
    {
      components: [...ALWAYS_COVERED, 'content-type', 'content-digest', ...needs],
      params: ['expires', 'tag', 'alg'],
      tag: PULL_TAG,
      maxAgeSeconds: MOST_AGE_SECONDS,
      clockSkewSeconds: SKEW_SECONDS,
      key: (keyid) => keys.get(keyid),
    },
    new Date(),
  )
  if (!verdict.ok) throw unverified(what, `its signature does not hold: ${verdict.reason}`)
}

/** Throws `delivery-unverified` unless the answer carries the manifest that the feed showed. */
export function verifyManifest({ manifest }: FeedEntry, answer: RawAnswer): void {
  const header = String(answer.headers['titian-manifest'])
  // Members have no order in JSON, and the feed shows them in another one.
  if (!isDeepStrictEqual(manifestIn(header), manifest))
    throw unverified(manifest.delivery, 'its manifest is not the one of the feed')
}

/** The end of the chain after one more delivery; throws `delivery-unverified` when it does not follow. */
export function verifyChain({ manifest, chain, previous }: FeedEntry, end: ChainEnd | undefined): ChainEnd {
  const before = end === undefined ? Buffer.alloc(32) : digestIn(end.chain)
  const link = digestText(hash('sha256', Buffer.concat([before, digestIn(manifest.digest)]), 'buffer'))
  if (link !== chain || previous !== (end?.digest ?? null))
    throw unverified(manifest.delivery, 'it does not follow the one before: something was left out or changed')
  return { chain, digest: manifest.digest }
}

function manifestIn(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header.slice(1, -1), 'base64').toString())
  } catch {
    return undefined
  }
}

function digestIn(text: string): Buffer {
  return Buffer.from(text.slice('sha-256=:'.length, -1), 'base64')
}

function levelOf(line: string, delivery: string): 'keluarga' | 'individu' {
  const level = (JSON.parse(line) as { level?: unknown }).level
  if (level === 'keluarga' || level === 'individu') return level
  throw unverified(delivery, 'a line of it is no record')
}

function unverified(what: string, why: string): TitianError {
  return new TitianError('delivery-unverified', `${what}: ${why}`)
}
