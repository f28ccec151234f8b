import { createHash, hash, timingSafeEqual } from 'node:crypto'
import { parseDictionary } from './structured-field.ts'

/** The digest algorithms that RFC 9530 calls active, with their lengths in bytes. */
const ALGORITHMS = { 'sha-256': { node: 'sha256', bytes: 32 }, 'sha-512': { node: 'sha512', bytes: 64 } } as const
type DigestAlgorithm = keyof typeof ALGORITHMS
export type ContentDigest = { algorithm: DigestAlgorithm; value: Buffer }

/** Follows a body as it streams by; it is the body as sent, before any content coding is undone (RFC 9530, 2). */
export type DigestCheck = { update(bytes: Uint8Array): void; matches(): boolean }

/**
 * Parses a `Content-Digest`; undefined when it is malformed, names a digest twice, or holds none that can be checked.
 * Unknown and weak algorithms beside a known one are ignored, as RFC 9530 asks.
 */
export function parseContentDigest(header: string): ContentDigest[] | undefined {
  const members = parseDictionary(header)
  if (members === undefined) return undefined
  const found: ContentDigest[] = []
  for (const [name, member] of members) {
    if ('items' in member || member.item.kind !== 'bytes') return undefined
    if (!isAlgorithm(name)) continue
    const { value } = member.item
    if (value.length !== ALGORITHMS[name].bytes || found.some(({ algorithm }) => algorithm === name)) return undefined
    found.push({ algorithm: name, value })
  }
  return found.length > 0 ? found : undefined
}

/** The `Content-Digest` that says these digests. */
export function formatContentDigest(digests: readonly ContentDigest[]): string {
  return digests.map(({ algorithm, value }) => `${algorithm}=:${value.toString('base64')}:`).join(', ')
}

/** The SHA-256 `Content-Digest` of a whole body. */
export function contentDigestOf(body: Uint8Array): string {
  return formatContentDigest([{ algorithm: 'sha-256', value: hash('sha256', body, 'buffer') }])
}

/** Checks a streaming body against every digest that was given: one wrong among two is a mismatch. */
export function createDigestCheck(expected: readonly ContentDigest[]): DigestCheck {
  const running = expected.map(({ algorithm, value }) => ({ value, hash: createHash(ALGORITHMS[algorithm].node) }))
  return {
    update(bytes) {
      for (const each of running) each.hash.update(bytes)
    },
    matches() {
      return running.map((each) => timingSafeEqual(each.hash.digest(), each.value)).every(Boolean)
    },
  }
}

function isAlgorithm(name: string): name is DigestAlgorithm {
  return Object.hasOwn(ALGORITHMS, name)
}
