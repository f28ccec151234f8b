import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import Type from 'typebox'
import Value from 'typebox/value'
import { type Effect, readDelivered } from './records.ts'

export type ArrivalReceipt = {
  delivery: string
  digest: string
  records: number
  refused: { subject: string; code: string }[]
  /** As it goes out; it is not stored. */
  jws?: string
}

/** A delivery that was unpacked and found whole, and what will take effect of it. */
export type Arrival = { digest: Buffer; manifest: object; receipt: ArrivalReceipt; effects: readonly Effect[] }

const unzstd = promisify(zstdDecompress)
const MOST_UNPACKED_BYTES = 512 * 1024 * 1024

/** What this side reads of a manifest; the rest is kept as it came. */
const Manifest = Type.Object({
  delivery: Type.String(),
  digest: Type.String(),
  records: Type.Object({ keluarga: Type.Integer({ minimum: 0 }), individu: Type.Integer({ minimum: 0 }) }),
  entries: Type.Integer({ minimum: 0 }),
})

export type Parcel = {
  id: string
  /** SHA-256 of the body, already compared with its Content-Digest. */
  digest: Buffer
  manifestHeader: string
  body: Buffer
  /** How many of its records to refuse. */
  refuse: number
}

/** Opens a delivery and checks that it is what its manifest says; a string is the code of what is wrong with it. */
export async function openParcel({ id, digest, manifestHeader, body, refuse }: Parcel): Promise<Arrival | string> {
  const manifest = parseManifest(manifestHeader)
  const digestText = `sha-256=:${digest.toString('base64')}:`
  if (manifest === undefined) return 'manifest-invalid'
  if (manifest.delivery !== id || manifest.digest !== digestText) return 'manifest-mismatch'
  let text: string
  try {
    text = (await unzstd(body, { maxOutputLength: MOST_UNPACKED_BYTES })).toString()
  } catch {
    return 'content-broken'
  }
  const effects = readDelivered(text, { ...manifest.records, entries: manifest.entries })
  if (effects === undefined) return 'records-invalid'
  const refused = effects.slice(0, refuse).map(({ subject }) => ({ subject, code: 'record-invalid' }))
  const taken = effects.slice(refuse)
  return {
    digest,
    manifest,
    receipt: { delivery: id, digest: digestText, records: taken.length, refused },
    effects: taken,
  }
}

function parseManifest(header: string) {
  const encoded = /^:([A-Za-z0-9+/]*={0,2}):$/.exec(header)?.[1]
  if (encoded === undefined) return undefined
  try {
    const manifest: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString())
    return Value.Check(Manifest, manifest) ? manifest : undefined
  } catch {
    return undefined
  }
}
