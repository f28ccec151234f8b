import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { TitianError } from '../../domain/error.ts'
import { type Indexes, indexer } from './indexes.ts'
import { type KeyRing, workingKey } from './keyring.ts'
import { createLru } from './lru.ts'
import { onceASecond } from './reloading.ts'

/** Seals personal data for the database and makes the indexes by which it is found again; PostgreSQL never sees a key. */
export type Vault = Indexes & {
  /** Encrypts under the working key; the same bytes never come out twice. */
  seal(plain: Buffer, aad: string): Buffer
  /** Decrypts; throws `sealed-invalid` when bytes or place are not those of the sealing, `keys-outdated` without its key. */
  open(sealed: Buffer, aad: string): Buffer
  /** The version of the key that seals at this moment. */
  sealVersion(): number
}

const FORMAT = 1
const SALT = 16
const IV = 12
const TAG = 16
/** Format (1 byte), key version (2), salt (16), IV (12); then the ciphertext and the tag (16). */
const HEAD = 3 + SALT + IV

// Random 96-bit IVs are safe for 2^32 seals of one key (NIST SP 800-38D, 8.3), which a nation's records would pass. So each
// process seals under data keys of its own, derived from the ring's key by a fresh salt, and stays at 10,000 seals for each.
const SEALS_PER_DATA_KEY = 10_000
const DATA_KEY_MINUTES = 10
// Deriving costs 4 µs more than the lookup; 4,096 keys hold the rows of 40 million seals in under 2 MB.
const OPENING_KEYS = 4096
// Asking the system for 12 bytes costs 1.7 µs each time, for 256 times as many 6 µs.
const IVS_AT_ONCE = 256

type DataKey = { version: number; salt: Buffer; key: KeyObject; seals: number; until: number; of: KeyRing['seal'] }

/** The additional authenticated data of a sealed value: it binds the value to the place it is stored in, so that it cannot be moved to another row, field or platform. */
export function aad(platform: string, table: string, row: string, field: string): string {
  return JSON.stringify([platform, table, row, field])
}

/**
 * Opens the vault of a key ring; `clock` (milliseconds) tells when a newer seal key takes over. `reload` reads the ring anew,
 * once a second at most, when something was sealed under a key that is not in it: others were given the rotated ring before us.
 */
export function openVault(ring: KeyRing, clock: () => number = Date.now, reload: () => KeyRing = () => ring): Vault {
  const mastersOf = ({ seal }: KeyRing) =>
    new Map(seal.map(({ version, key }) => [version, Buffer.from(key, 'base64url')]))
  let masters = mastersOf(ring)
  const renewed = onceASecond(reload, clock)
  const opening = createLru<KeyObject>(OPENING_KEYS)
  const nextIv = ivSource()
  let current: DataKey | undefined

  const draw = (now: number): DataKey => {
    const { version, key } = workingKey(ring.seal, new Date(now))
    const salt = randomBytes(SALT)
    return {
      version,
      salt,
      key: dataKey(Buffer.from(key, 'base64url'), salt),
      seals: 0,
      until: Math.min(now + DATA_KEY_MINUTES * 60_000, ...comingOf(ring.seal, now)),
      of: ring.seal,
    }
  }

  const masterOf = (version: number): Buffer => {
    const renewal = masters.has(version) ? undefined : renewed()
    if (renewal !== undefined) {
      masters = mastersOf(renewal)
      // What is sealed from now on is sealed under the ring's newest key.
      current = undefined
    }
    const master = masters.get(version)
    if (master === undefined)
      throw new TitianError('keys-outdated', `sealed under key version ${version}, which is not here`)
    return master
  }

  return {
    ...indexer(ring, renewed),
    seal(plain, aad) {
      const now = clock()
      // A ring that was read anew has another list, and maybe another key that works.
      const isSpent = current === undefined || current.seals >= SEALS_PER_DATA_KEY || now >= current.until
      if (current === undefined || isSpent || current.of !== ring.seal) current = draw(now)
      current.seals += 1
      return sealWith(current, nextIv(), plain, aad)
    },
    sealVersion: () => workingKey(ring.seal, new Date(clock())).version,
    open(sealed, aad) {
      if (sealed.length < HEAD + TAG || sealed[0] !== FORMAT) throw new TitianError('sealed-invalid')
      const version = sealed.readUInt16BE(1)
      const name = sealed.toString('latin1', 1, 3 + SALT)
      let key = opening.get(name)
      if (key === undefined) {
        key = dataKey(masterOf(version), sealed.subarray(3, 3 + SALT))
        opening.set(name, key)
      }
      return openWith(key, sealed, aad)
    },
  }
}

/** When keys take over that do not work yet, in milliseconds. */
function comingOf(keys: KeyRing['seal'], now: number): number[] {
  return keys.map(({ from }) => Date.parse(from)).filter((at) => at > now)
}

/** Random bytes, each given out once. */
function ivSource(): () => Buffer {
  let drawn = Buffer.alloc(0)
  return () => {
    if (drawn.length === 0) drawn = randomBytes(IV * IVS_AT_ONCE)
    const iv = drawn.subarray(0, IV)
    drawn = drawn.subarray(IV)
    return iv
  }
}

function sealWith({ version, salt, key }: DataKey, iv: Buffer, plain: Buffer, aad: string): Buffer {
  const head = Buffer.allocUnsafe(HEAD)
  head[0] = FORMAT
  head.writeUInt16BE(version, 1)
  salt.copy(head, 3)
  iv.copy(head, 3 + SALT)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(aad))
  const body = cipher.update(plain)
  cipher.final()
  return Buffer.concat([head, body, cipher.getAuthTag()])
}

function openWith(key: KeyObject, sealed: Buffer, aad: string): Buffer {
  const iv = sealed.subarray(HEAD - IV, HEAD)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG })
  decipher.setAAD(Buffer.from(aad))
  decipher.setAuthTag(sealed.subarray(-TAG))
  const plain = decipher.update(sealed.subarray(HEAD, -TAG))
  try {
    decipher.final()
  } catch {
    throw new TitianError('sealed-invalid', 'sealed bytes were altered or belong to another place')
  }
  return plain
}

function dataKey(master: Buffer, salt: Buffer): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, salt, 'titian seal 1', 32)))
}
