import { createHmac, timingSafeEqual } from 'node:crypto'

/** A secret of the second factor is as long as the hash (RFC 4226, 4). */
export const TOTP_BYTES = 20
const STEP_MS = 30_000
const DIGITS = 6
/** Steps around now whose codes are taken: clocks differ, and typing takes a while (RFC 6238, 5.2). */
const DRIFT = 1
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The step of 30 seconds that a moment lies in (RFC 6238, 4.2). */
export function totpStep(milliseconds: number): number {
  return Math.floor(milliseconds / STEP_MS)
}

/** The code of a step (RFC 6238 with HMAC-SHA-1, which is what authenticator apps know). */
export function totpCode(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 15
  const number = (hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits
  return String(number).padStart(digits, '0')
}

/** The step whose code was given, of those around now; undefined when it is none of theirs. */
export function totpStepOf(secret: Buffer, code: string, milliseconds: number): number | undefined {
  const now = totpStep(milliseconds)
  let found: number | undefined
  for (let step = now - DRIFT; step <= now + DRIFT; step++) {
    const expected = Buffer.from(totpCode(secret, step))
    const given = Buffer.from(code)
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = step
  }
  return found
}

/** What an authenticator app reads, as a QR code mostly. */
export function otpauthUri(secret: Buffer, { issuer, name }: { issuer: string; name: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(name)}`
  const query = new URLSearchParams({ secret: base32(secret), issuer, digits: String(DIGITS), period: '30' })
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`
}

/** Bytes as base 32 without padding (RFC 4648, 6). */
export function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(held >>> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31]
}
