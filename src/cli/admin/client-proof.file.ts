import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { TitianError } from '../../domain/error.ts'
import type { NewClient } from '../../trust/access/client.ts'
import { readClientKeys } from '../../trust/access/proof/client-keys.ts'

/** Files of what a client proves itself by. */
export type ProofFiles = { jwks?: string; certificate?: string[] }

/** Keys and certificates of these files; throws `bad-request` with the reason where one cannot be used. */
export async function readProof({
  jwks,
  certificate = [],
}: ProofFiles): Promise<Pick<NewClient, 'jwks' | 'certificates'>> {
  const certificates = await Promise.all(certificate.map(thumbprintIn))
  return { ...(jwks !== undefined && { jwks: await keysIn(jwks) }), ...(certificates.length > 0 && { certificates }) }
}

async function keysIn(path: string): Promise<NonNullable<NewClient['jwks']>> {
  let given: unknown
  try {
    given = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new TitianError('bad-request', `${path} cannot be read as a JWKS`, { cause })
  }
  const read = readClientKeys(given)
  if ('refusal' in read) throw new TitianError('bad-request', `${path}: ${read.refusal}`)
  return read.keys
}

async function thumbprintIn(path: string): Promise<string> {
  try {
    const { fingerprint256 } = new X509Certificate(await readFile(path))
    return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
  } catch (cause) {
    throw new TitianError('bad-request', `${path} cannot be read as a certificate`, { cause })
  }
}
