import { TitianError } from '../../domain/error.ts'
import { hmacWith } from './hmac.ts'
import { type IndexWrap, UNWRAPPED, wrapUnder } from './index-wrap.ts'
import { INDEX_PURPOSES, type IndexKey, type IndexPurpose, indexKeysOf, type KeyRing } from './keyring.ts'

/** The indexes by which sealed values are found again, under the index key that works. */
export type Indexes = {
  /** Blind index of a normalised value: 16 bytes of HMAC-SHA-256 under the key of its purpose, wrapped by the index key. */
  index(purpose: IndexPurpose, value: string): Buffer
  /** The same index as 32 hexadecimal digits, for whoever works with texts: no Buffer is made on the way. */
  indexText(purpose: IndexPurpose, value: string): string
  /** The index under every index key of the ring, for who looks up while a rotation moves rows from one to the other. */
  indexForms(purpose: IndexPurpose, value: string): Buffer[]
  /** The keyed hash of a value as 32 hexadecimal digits, which no rotation changes: a name that was given out, or is gone soon. */
  lastingText(purpose: IndexPurpose, value: string): string
  /** The keyed hash behind an index. */
  lastingOf(index: string): string
  /** The index that a keyed hash has now. */
  indexOf(hash: string): string
  /** Lets indexes be made under another index key from now on; throws `keys-outdated` where the ring lacks it. */
  useIndexKey(version: number): void
  /** The newest index key that the ring has. */
  newestIndexKey(): number
}

const INDEX = 16
const FIRST = 1

/** Makes the indexes of a ring. `renewed` reads the ring anew, in place, once a second at most. */
export function indexer(ring: KeyRing, renewed: () => KeyRing | undefined): Indexes {
  const hashes = new Map(INDEX_PURPOSES.map((purpose) => [purpose, hmacWith(hashKey(ring, purpose))]))
  let version = indexKeysOf(ring)[0]?.version ?? FIRST
  let wrap = wrapOf(ring, version)
  const wraps = new Map<number, IndexWrap>()
  const wrapWith = (one: IndexKey) => {
    const made = wraps.get(one.version) ?? wrapBy(one)
    wraps.set(one.version, made)
    return made
  }

  const lastingText = (purpose: IndexPurpose, value: string) => {
    const hmac = hashes.get(purpose)
    if (hmac === undefined) throw new Error(`no index for ${purpose}`)
    return hmac(value).slice(0, 2 * INDEX)
  }
  const indexText = (purpose: IndexPurpose, value: string) => {
    const hash = lastingText(purpose, value)
    // What nobody can guess needs no other key: 256 random bits, and nonces of minutes.
    return purpose === 'secret' ? hash : wrap.wrap(hash)
  }

  return {
    index: (purpose, value) => Buffer.from(indexText(purpose, value), 'hex'),
    indexText,
    indexForms(purpose, value) {
      const hash = lastingText(purpose, value)
      const forms = new Set([wrap.wrap(hash), ...indexKeysOf(ring).map((key) => wrapWith(key).wrap(hash))])
      return [...forms].map((form) => Buffer.from(form, 'hex'))
    },
    lastingText,
    lastingOf: (index) => wrap.unwrap(index),
    indexOf: (hash) => wrap.wrap(hash),
    useIndexKey(wanted) {
      if (wanted === version) return
      if (wanted !== FIRST && !indexKeysOf(ring).some((key) => key.version === wanted)) renewed()
      wrap = wrapOf(ring, wanted)
      version = wanted
    },
    newestIndexKey: () => indexKeysOf(ring).at(-1)?.version ?? FIRST,
  }
}

/** What an index key of a ring does; throws `keys-outdated` where the ring lacks it. */
export function wrapOf(ring: Pick<KeyRing, 'indexKeys'>, version: number): IndexWrap {
  // The first one has no secret, so that no ring lacks it.
  if (version === FIRST) return UNWRAPPED
  const key = indexKeysOf(ring).find((one) => one.version === version)
  if (key === undefined) throw new TitianError('keys-outdated', `indexed under index key ${version}, which is not here`)
  return wrapBy(key)
}

function wrapBy({ key }: IndexKey): IndexWrap {
  return key === undefined ? UNWRAPPED : wrapUnder(Buffer.from(key, 'base64url'))
}

function hashKey(ring: KeyRing, purpose: IndexPurpose): Buffer {
  const entry = ring.index[purpose]
  if (entry === undefined)
    throw new TitianError('key-ring-invalid', `the key ring has no index key for ${purpose}: run titian keys rotate`)
  return Buffer.from(entry.key, 'base64url')
}
