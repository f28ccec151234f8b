import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { publicKey } from '../keys/signing-keys.ts'

const ED25519 = 1
const COSIGNATURE = 4
const ID_BYTES = 4
const TIME_BYTES = 8
const KEY_BYTES = 32

/** Who witnesses a log: its name, and the key that it cosigns by. */
export type Witness = { name: string; key: KeyObject }

/** What a witness said of a checkpoint: that it saw the log be that far, and when, in seconds since 1970. */
export type Cosignature = { witness: string; seconds: number; line: string }

/**
 * The witness that a verifier key of C2SP signed-note names: `name+id+key`, the id in hexadecimal, the key in base64, of the kind 4 (a
 * cosignature by Ed25519) or 1. Undefined for anything else.
 */
export function parseWitness(text: string): Witness | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? []
  if (name === undefined || id === undefined || encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const kind = bytes[0]
  if (bytes.length !== 1 + KEY_BYTES || (kind !== COSIGNATURE && kind !== ED25519)) return undefined
  const key = publicKey(bytes.subarray(1).toString('base64url'))
  return keyId(name, kind, key).toString('hex') === id ? { name, key } : undefined
}

/** The verifier key of a witness, as `parseWitness` reads it. */
export function formatWitness({ name, key }: Witness): string {
  const bytes = Buffer.concat([Buffer.of(COSIGNATURE), rawKey(key)]).toString('base64')
  return `${name}+${keyId(name, COSIGNATURE, key).toString('hex')}+${bytes}`
}

/** Cosigns the text of a checkpoint as a witness does; gives the line of its note (C2SP tlog-cosignature, cosignature/v1). */
export function cosign(text: string, { name, key }: Witness, seconds: number): string {
  const time = Buffer.alloc(TIME_BYTES)
  time.writeBigUInt64BE(BigInt(seconds))
  const id = keyId(name, COSIGNATURE, createPublicKey(key))
  const signature = sign(null, signed(text, seconds), key)
  return `— ${name} ${Buffer.concat([id, time, signature]).toString('base64')}`
}

/** The cosignature that a line holds over the text of a checkpoint; undefined when it is of none of the witnesses, or is wrong. */
export function openCosignature(text: string, line: string, witnesses: Iterable<Witness>): Cosignature | undefined {
  const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
  if (name === undefined || encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length <= ID_BYTES + TIME_BYTES) return undefined
  const seconds = Number(bytes.readBigUInt64BE(ID_BYTES))
  for (const { name: known, key } of witnesses) {
    if (known !== name || !keyId(name, COSIGNATURE, key).equals(bytes.subarray(0, ID_BYTES))) continue
    if (verify(null, signed(text, seconds), key, bytes.subarray(ID_BYTES + TIME_BYTES)))
      return { witness: name, seconds, line }
  }
  return undefined
}

function signed(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)
}

function keyId(name: string, kind: number, key: KeyObject): Buffer {
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(kind), rawKey(key)])
  return hash('sha256', text, 'buffer').subarray(0, ID_BYTES)
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
}
