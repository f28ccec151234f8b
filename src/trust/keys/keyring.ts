import { generateKeyPairSync, randomBytes } from 'node:crypto'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'

/** What blind indexes are made for; each purpose has a key of its own, so that two indexes of one value never meet. */
export const INDEX_PURPOSES = [
  'key',
  'nik',
  'kk',
  'household',
  'content',
  'name',
  'birth',
  'village',
  'secret',
] as const
export type IndexPurpose = (typeof INDEX_PURPOSES)[number]

const Secret = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: '32 bytes in base64url' })
const Moment = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' })
const closed = { additionalProperties: false }

const SealKey = Type.Object(
  { version: Type.Integer({ minimum: 1, maximum: 65535 }), from: Moment, key: Secret },
  closed,
)

const HashKey = Type.Object({ version: Type.Integer({ minimum: 1 }), key: Secret }, closed)

/** A key under which the hashes of all purposes are stored; the first one stores them as they are. */
const IndexKey = Type.Object(
  { version: Type.Integer({ minimum: 1, maximum: 32767 }), from: Type.Optional(Moment), key: Type.Optional(Secret) },
  closed,
)

/** An Ed25519 key; a retired one has lost its private half `d` and only verifies. */
const SigningKey = Type.Object(
  { kid: Type.String({ pattern: '^[a-z]{3}-[a-z0-9]+$' }), from: Moment, x: Secret, d: Type.Optional(Secret) },
  closed,
)

/** All keys of an installation, as they lie in the key ring file: oldest first, the newest that has come of age works. */
export const KeyRing = Type.Object(
  {
    format: Type.Literal(1),
    seal: Type.Array(SealKey, { minItems: 1 }),
    index: Type.Record(Type.String(), HashKey),
    /** Oldest first; two while the index key rotates. A ring without the list has the first index key. */
    indexKeys: Type.Optional(Type.Array(IndexKey, { minItems: 1, maxItems: 2 })),
    tokens: Type.Array(SigningKey, { minItems: 1 }),
    deliveries: Type.Array(SigningKey, { minItems: 1 }),
  },
  closed,
)
export type KeyRing = Static<typeof KeyRing>
type SealKey = Static<typeof SealKey>
export type IndexKey = Static<typeof IndexKey>
export type SigningKey = Static<typeof SigningKey>

/** Makes a ring of fresh keys, all working from `at` on. */
export function createKeyRing(at: Date): KeyRing {
  return {
    format: 1,
    seal: [newSealKey(1, at)],
    index: missingIndexKeys({}),
    tokens: [newSigningKey('tok', at)],
    deliveries: [newSigningKey('dlv', at)],
  }
}

/**
 * Adds a seal key and signing keys that take over at `from`; the index key stays (`rotateIndexKey`), but a purpose without a key of
 * its own gets one. A signing key that no longer works at `now` loses its private half.
 */
export function rotateKeyRing(ring: KeyRing, now: Date, from: Date = now): KeyRing {
  const latest = Math.max(...ring.seal.map(({ version }) => version))
  return {
    ...ring,
    seal: [...ring.seal, newSealKey(latest + 1, from)],
    index: { ...ring.index, ...missingIndexKeys(ring.index) },
    tokens: [...retired(ring.tokens, now, from), newSigningKey('tok', from)],
    deliveries: [...retired(ring.deliveries, now, from), newSigningKey('dlv', from)],
  }
}

/** The index keys of a ring, the oldest first. */
export function indexKeysOf({ indexKeys }: Pick<KeyRing, 'indexKeys'>): readonly IndexKey[] {
  return indexKeys ?? [{ version: 1 }]
}

/** Adds an index key, which nothing is moved to before `from`. Throws `index-rotation-open` while there are two. */
export function rotateIndexKey(ring: KeyRing, from: Date): KeyRing {
  const [present, next] = indexKeysOf(ring)
  if (present === undefined || next !== undefined) throw new TitianError('index-rotation-open')
  const added = { version: present.version + 1, from: from.toISOString(), key: newSecret() }
  return { ...ring, indexKeys: [present, added] }
}

/** A ring without the index keys before the one that works. */
export function withoutIndexKeys(ring: KeyRing, working: number): KeyRing {
  const left = indexKeysOf(ring).filter(({ version }) => version >= working)
  return left.length === 0 || left.length === indexKeysOf(ring).length ? ring : { ...ring, indexKeys: left }
}

/** The key that works at a moment: of those that have come of age the newest, or the very first. */
export function workingKey<K extends { from: string }>(keys: readonly K[], at: Date): K {
  const key = keys.findLast(({ from }) => Date.parse(from) <= at.getTime()) ?? keys[0]
  if (key === undefined) throw new TitianError('key-ring-invalid', 'the key ring has no key of this kind')
  return key
}

/** A ring without the seal keys that seal nothing any more; the one that works at `now`, and those that are to come, always stay. */
export function withoutSealKeys(ring: KeyRing, unused: ReadonlySet<number>, now: Date): KeyRing {
  const { from } = workingKey(ring.seal, now)
  const stays = ({ version, from: at }: SealKey) => Date.parse(at) >= Date.parse(from) || !unused.has(version)
  return { ...ring, seal: ring.seal.filter(stays) }
}

/** Reads a ring from its JSON; `source` names the file or variable in the one line that refuses it. */
export function parseKeyRing(text: string, source: string): KeyRing {
  let ring: unknown
  try {
    ring = JSON.parse(text)
  } catch {
    throw new TitianError('key-ring-invalid', `the key ring ${source} is not JSON`)
  }
  if (!Value.Check(KeyRing, ring)) {
    // The path alone: an error text could quote a key.
    const place = Value.Errors(KeyRing, ring)[0]?.instancePath ?? ''
    throw new TitianError('key-ring-invalid', `the key ring ${source} is malformed at "${place}"`)
  }
  if (new Set(ring.seal.map(({ version }) => version)).size < ring.seal.length)
    throw new TitianError('key-ring-invalid', `the key ring ${source} has two seal keys of one version`)
  const [first, second] = indexKeysOf(ring)
  if (indexKeysOf(ring).some(({ version, key }) => (key === undefined) !== (version === 1)))
    throw new TitianError('key-ring-invalid', `the key ring ${source} has an index key without a key`)
  if (first !== undefined && second !== undefined && second.version !== first.version + 1)
    throw new TitianError('key-ring-invalid', `the key ring ${source} has index keys that do not follow each other`)
  return ring
}

function newSealKey(version: number, from: Date): SealKey {
  return { version, from: from.toISOString(), key: newSecret() }
}

function missingIndexKeys(present: KeyRing['index']): KeyRing['index'] {
  const missing = INDEX_PURPOSES.filter((purpose) => !Object.hasOwn(present, purpose))
  return Object.fromEntries(missing.map((purpose) => [purpose, { version: 1, key: newSecret() }]))
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function newSigningKey(kind: 'tok' | 'dlv', from: Date): SigningKey {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  if (x === undefined || d === undefined) throw new Error('an Ed25519 key without its halves')
  return { kid: `${kind}-${randomBytes(8).toString('hex')}`, from: from.toISOString(), x, d }
}

function retired(keys: readonly SigningKey[], now: Date, from: Date): SigningKey[] {
  const { kid } = workingKey(keys, now)
  const takesOverNow = from.getTime() <= now.getTime()
  return keys.map((key) => {
    if ((key.kid === kid && !takesOverNow) || Date.parse(key.from) > now.getTime()) return key
    return { kid: key.kid, from: key.from, x: key.x }
  })
}
