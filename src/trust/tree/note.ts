import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import type { Signer } from '../keys/signing-keys.ts'

const ED25519 = 1
const ID_BYTES = 4
// The standard asks for 16 at least; more would only make the verifier work.
const MOST_SIGNATURES = 16

/**
 * Signs a text of whole lines as a C2SP signed note: the text, an empty line, and a line with the signature by Ed25519. The
 * name of the key is without spaces and plus signs.
 */
export function signNote(text: string, name: string, { key }: Signer): string {
  const signature = sign(null, Buffer.from(text), key)
  const line = Buffer.concat([keyId(name, createPublicKey(key)), signature]).toString('base64')
  return `${text}\n— ${name} ${line}\n`
}

/**
 * The text of a signed note, if one of the keys signed it under the name. Undefined when none did, or when a signature that
 * claims such a key is wrong; signatures of unknown keys are passed over, as the standard asks.
 */
export function openNote(note: string, name: string, keys: Iterable<KeyObject>): string | undefined {
  const cut = note.lastIndexOf('\n\n')
  if (cut === -1 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, cut + 1)
  const lines = note.slice(cut + 2, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) return undefined
  const known = [...keys]
  let isSigned = false
  for (const line of lines) {
    const [, signer, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
    if (signer === undefined || encoded === undefined) return undefined
    if (signer !== name) continue
    const bytes = Buffer.from(encoded, 'base64')
    const key = known.find((one) => keyId(name, one).equals(bytes.subarray(0, ID_BYTES)))
    if (key === undefined) continue
    if (!verify(null, Buffer.from(text), key, bytes.subarray(ID_BYTES))) return undefined
    isSigned = true
  }
  return isSigned ? text : undefined
}

/** The first four bytes of the SHA-256 of name, newline, kind and public key. */
function keyId(name: string, key: KeyObject): Buffer {
  const { x = '' } = key.export({ format: 'jwk' })
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), Buffer.from(x, 'base64url')])
  return hash('sha256', text, 'buffer').subarray(0, ID_BYTES)
}
