import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../domain/error.ts'
import type { Signer } from '../trust/keys/signing-keys.ts'

const KeyFile = Type.Object({ kid: Type.String({ minLength: 1 }), x: Type.String(), d: Type.String() })

/** Where `titian up` keeps the key of its stand-in, in a data folder. */
export function receiverKeyFile(dataDir: string): string {
  return join(dataDir, 'receiver-key.json')
}

/** Where it keeps the public half, as a JWKS. */
export function receiverJwksFile(dataDir: string): string {
  return join(dataDir, 'receiver-jwks.json')
}

/** Reads the stand-in's Ed25519 key (a private JWK with its `kid`); throws `config-invalid` where the file holds none. */
export async function readReceiptKey(path: string): Promise<Signer> {
  try {
    const jwk: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (!Value.Check(KeyFile, jwk)) throw new Error('not an Ed25519 key with a kid')
    const { kid, x, d } = jwk
    return { keyid: kid, key: createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' }) }
  } catch (cause) {
    // Its text could quote a key.
    throw new TitianError('config-invalid', `${path} holds no key that the stand-in could sign receipts with`, {
      cause,
    })
  }
}

/** Makes the stand-in's key at `path`, readable by its owner only, and its public half beside it as a JWKS; one that is there stays. */
export async function makeReceiptKey(path: string, jwksPath: string): Promise<void> {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const known = {
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    kid: `rcp-${randomBytes(8).toString('hex')}`,
    use: 'sig',
    alg: 'EdDSA',
  }
  const isNew = await writeFile(path, `${JSON.stringify({ ...known, d })}\n`, { flag: 'wx', mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      return false
    },
  )
  const { d: _, ...open } = isNew ? { ...known, d } : JSON.parse(await readFile(path, 'utf8'))
  await writeFile(jwksPath, `${JSON.stringify({ keys: [open] })}\n`)
}
