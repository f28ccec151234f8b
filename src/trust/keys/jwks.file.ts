import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import { publicKey } from './signing-keys.ts'

const Jwks = Type.Object({ keys: Type.Array(Type.Object({ kid: Type.Optional(Type.String()) }), { maxItems: 1000 }) })
const Ed25519 = Type.Object({
  kty: Type.Literal('OKP'),
  crv: Type.Literal('Ed25519'),
  kid: Type.String(),
  x: Type.String(),
})
const RELOAD_MS = 1000

/** The Ed25519 keys of a JWKS file, by key id; others are passed over. Throws `config-invalid` where there is none. */
export function readJwks(path: string): Map<string, KeyObject> {
  let jwks: unknown
  try {
    jwks = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new TitianError('config-invalid', `${path} cannot be read as a JWKS`, { cause })
  }
  const keys = new Map<string, KeyObject>()
  if (Value.Check(Jwks, jwks))
    for (const jwk of jwks.keys) if (Value.Check(Ed25519, jwk)) keys.set(jwk.kid, publicKey(jwk.x))
  if (keys.size === 0) throw new TitianError('config-invalid', `${path} holds no Ed25519 key with a kid`)
  return keys
}

/**
 * Keys of a JWKS file that may change: a key id that is not in it has the file read anew, once a second at most. A file that
 * cannot be read at that moment leaves the keys as they are. `clock` is in milliseconds.
 */
export function keysInFile(path: string, clock: () => number = Date.now): (keyid: string) => KeyObject | undefined {
  let keys = readJwks(path)
  let readAt = clock()
  return (keyid) => {
    const known = keys.get(keyid)
    if (known !== undefined || Math.abs(clock() - readAt) < RELOAD_MS) return known
    readAt = clock()
    try {
      keys = readJwks(path)
    } catch (error) {
      if (!(error instanceof TitianError)) throw error
    }
    return keys.get(keyid)
  }
}
