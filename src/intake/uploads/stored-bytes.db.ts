import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { TitianError } from '../../domain/error.ts'
import type { UploadId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { aad, type Vault } from '../../trust/keys/vault.ts'
import type { BodyWithHead } from '../incoming.http.ts'
import type { ClaimedUpload } from './claim.sql.ts'
import { readPart } from './upload.sql.ts'

const [compress, unpack] = [promisify(zstdCompress), promisify(zstdDecompress)]
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Where bytes of an upload lie: they open there and nowhere else. */
type Place = { platform: string; upload: UploadId; at: number }

/** Seals bytes of an upload as `upload_part` keeps them. */
export async function sealPart(vault: Pick<Vault, 'seal'>, place: Place, bytes: Buffer): Promise<Buffer> {
  return vault.seal(await compress(bytes, FAST), aadOf(place))
}

/** The bytes of a whole upload in their order. `signal` breaks it off with `unavailable`. */
async function* storedBytes(
  db: Db,
  vault: Pick<Vault, 'open'>,
  { id, platform, length }: ClaimedUpload,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; ) {
    if (signal.aborted) throw new TitianError('unavailable', 'this gateway stops')
    const part = await readPart(db, id, at)
    if (part === undefined) throw new TitianError('sealed-invalid', `${id} lacks its bytes from ${at} on`)
    yield await unpack(vault.open(part.sealed, aadOf({ platform, upload: id, at })))
    at += part.bytes
  }
}

/** A whole upload as intake reads a request: its bytes, behind the head that was promised for them. */
export function storedBody(
  db: Db,
  vault: Pick<Vault, 'open'>,
  upload: ClaimedUpload,
  signal: AbortSignal,
): BodyWithHead {
  const { mediaType, encoding, sha256 } = upload
  return {
    headers: {
      'content-type': mediaType,
      ...(encoding !== null && { 'content-encoding': encoding }),
      ...(sha256 !== null && { 'content-digest': `sha-256=:${sha256.toString('base64')}:` }),
    },
    body: Readable.from(storedBytes(db, vault, upload, signal)),
    raw: { trailers: {} },
  }
}

function aadOf({ platform, upload, at }: Place): string {
  return aad(platform, 'upload_part', `${upload}/${at}`, 'sealed')
}
