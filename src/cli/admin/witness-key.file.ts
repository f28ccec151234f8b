import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import type { Witness } from '../../trust/tree/cosignature.ts'
import { unreadable } from '../client/readable.ts'

/** A witness's own key, as a JWK whose key id is the name of the witness. */
const WitnessKey = Type.Object(
  {
    kty: Type.Literal('OKP'),
    crv: Type.Literal('Ed25519'),
    kid: Type.String({ pattern: '^[^\\s+]{1,200}$' }),
    x: Type.String(),
    d: Type.String(),
  },
  { additionalProperties: false },
)

/** Makes the key of a witness in a file for its owner alone. Throws `bad-request` where the file is there, or the name has a space or plus. */
export async function makeWitnessKey(file: string, name: string): Promise<Witness> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: name }
  if (!Value.Check(WitnessKey, jwk))
    throw new TitianError('bad-request', 'the name of a witness has no space and no plus, such as bps.go.id/saksi')
  try {
    await writeFile(file, `${JSON.stringify(jwk)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new TitianError('bad-request', `${file} cannot be made, or is there: a key is never overwritten`, { cause })
  }
  return { name, key: privateKey }
}

/** The key of a witness out of its file, private half and all. Throws `bad-request` where it is none. */
export async function readWitnessKey(file: string): Promise<Witness> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw unreadable(file, cause)
  })
  let jwk: unknown
  try {
    jwk = JSON.parse(text)
  } catch {
    jwk = undefined
  }
  if (!Value.Check(WitnessKey, jwk))
    throw new TitianError('bad-request', `${file} is no key that titian audit witness key made`)
  return { name: jwk.kid, key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}
