import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import type { KeyRing } from './keyring.ts'
import type { MasterName, WrappedKey } from './token.file.ts'

const closed = { additionalProperties: false }
const Bytes = Type.String({ pattern: '^[A-Za-z0-9_-]+$' })
const Label = Type.String({ minLength: 1, maxLength: 32 })

/** A ring as its file holds it under a master key: sealed by a key of its own, which the token wraps. */
export const WrappedRing = Type.Object(
  {
    format: Type.Literal(1),
    wrapped: Type.Object({ token: Label, label: Label, iv: Bytes, key: Bytes, nonce: Bytes, ring: Bytes }, closed),
  },
  closed,
)
export type WrappedRing = Static<typeof WrappedRing>

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16

/** The wrapped ring that a text is; undefined where it is something else. */
export function wrappedRingIn(text: string): WrappedRing | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(WrappedRing, value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Seals a ring under a fresh key, which `wrap` hands to the token. */
export function wrapRing(ring: KeyRing, name: MasterName, wrap: (key: Buffer) => WrappedKey): WrappedRing {
  const [key, nonce] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv(CIPHER, key, nonce)
  const sealed = [cipher.update(JSON.stringify(ring)), cipher.final()]
  const wrapped = wrap(key)
  return {
    format: 1,
    wrapped: {
      ...name,
      iv: wrapped.iv.toString('base64url'),
      key: wrapped.key.toString('base64url'),
      nonce: nonce.toString('base64url'),
      ring: Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64url'),
    },
  }
}

/** The text of a ring that was wrapped. Throws where it was changed, or another key wrapped it. */
export function unwrapRing({ wrapped }: WrappedRing, unwrap: (wrapped: WrappedKey) => Buffer): string {
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const key = unwrap({ iv: bytes(wrapped.iv), key: bytes(wrapped.key) })
  const sealed = bytes(wrapped.ring)
  const decipher = createDecipheriv(CIPHER, key, bytes(wrapped.nonce), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
}
