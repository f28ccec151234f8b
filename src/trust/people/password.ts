import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { TitianError } from '../../domain/error.ts'
import type { Vault } from '../keys/vault.ts'

/** Of OWASP's settings for scrypt the one of 32 MB: some 0.2 s of one core. */
const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 ** 2 }
const SALT = 16
const DIGEST = 32
/** Hashes under way at once, and waiting: one more is told to come again, lest a flood of passwords takes all cores. */
const AT_ONCE = 2
const WAITING = 50

const SHORTEST = 12
const LONGEST = 200

type StoredPassword = { salt: Buffer; digest: Buffer }

/** Hashes passwords, a few at a time. */
export type Passwords = {
  /** What is stored of a password, under a fresh salt. */
  store(account: string, password: string): Promise<StoredPassword>
  /** Whether it is the one that was stored; without one it works as long and says no. Throws `too-many`. */
  isRight(account: string, password: string, stored: StoredPassword | undefined): Promise<boolean>
}

/** What is stored is keyed besides: who steals the table cannot try passwords without the key ring. Tests take a lower cost. */
export function createPasswords(vault: Pick<Vault, 'index'>, cost: ScryptOptions = COST): Passwords {
  let running = 0
  const queue: (() => void)[] = []
  const nobody = randomBytes(SALT)

  async function digestOf(account: string, password: string, salt: Buffer): Promise<Buffer> {
    if (running >= AT_ONCE) {
      if (queue.length >= WAITING)
        throw new TitianError('too-many', 'too many sign in at once', { retryAfterSeconds: 5 })
      await new Promise<void>((resolve) => queue.push(resolve))
    }
    running += 1
    try {
      const slow = await hash(password, salt, cost)
      return vault.index('secret', `password\n${account}\n${slow.toString('base64')}`)
    } finally {
      running -= 1
      queue.shift()?.()
    }
  }

  return {
    async store(account, password) {
      const salt = randomBytes(SALT)
      return { salt, digest: await digestOf(account, password, salt) }
    },
    async isRight(account, password, stored) {
      const given = await digestOf(account, password, stored?.salt ?? nobody)
      const expected = stored?.digest ?? Buffer.alloc(given.length)
      return timingSafeEqual(given, expected) && stored !== undefined
    },
  }
}

/** Why a password cannot be one's own, as the word of a form; undefined when it can. Length is what counts (NIST SP 800-63B, 3.1.1). */
export function refusePassword(password: string, name: string): 'short' | 'long' | 'simple' | undefined {
  if (password.length < SHORTEST) return 'short'
  if (password.length > LONGEST) return 'long'
  const isFew = new Set(password).size < 5
  return isFew || password.toLowerCase().includes(name.toLowerCase()) ? 'simple' : undefined
}

/** A first password, which somebody else sees: 100 random bits in groups that can be typed. */
export function newFirstPassword(): string {
  return groups(randomBytes(20), 20)
}

/** Ten codes in place of the second factor: 50 random bits each. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => groups(randomBytes(10), 10))
}

/** What is stored of a recovery code: its digest under the key ring. */
export function recoveryDigest(vault: Pick<Vault, 'index'>, account: string, code: string): Buffer {
  return vault.index('secret', `recovery\n${account}\n${code.toLowerCase().replace(/[^0-9a-z]/g, '')}`)
}

const SIGNS = '0123456789abcdefghjkmnpqrstvwxyz'

function groups(bytes: Buffer, signs: number): string {
  const text = [...bytes.subarray(0, signs)].map((byte) => SIGNS[byte & 31]).join('')
  return (text.match(/.{5}/g) ?? []).join('-')
}

function hash(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    // One form of what may be typed in several (NFC).
    scrypt(password.normalize('NFC'), salt, DIGEST, cost, (error, key) => (error ? reject(error) : resolve(key))),
  )
}
