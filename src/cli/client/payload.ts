import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { systemReason } from '../../io/system-error.ts'
import type { Payload } from './push.client.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.psv': 'text/csv',
  '.txt': 'text/csv',
}
const ENCODINGS: Readonly<Record<string, Payload['encoding']>> = { '.gz': 'gzip', '.zst': 'zstd' }

/**
 * A file as a payload: type and encoding follow from its name; it is read once for its digest, and again for each sending.
 * Throws `type-unsupported` by its name and `not-found` where it cannot be read.
 */
export async function filePayload(path: string): Promise<Payload> {
  const encoding = ENCODINGS[extname(path)] ?? 'identity'
  const name = encoding === 'identity' ? basename(path) : basename(path, extname(path))
  const type = TYPES[extname(name).toLowerCase()]
  if (type === undefined) {
    throw new TitianError('type-unsupported', `${path}: the name must end in ${Object.keys(TYPES).join(', ')}`)
  }
  const hash = createHash('sha256')
  const { size } = await digested(path, hash).catch((cause: unknown) => {
    throw new TitianError('not-found', `${path} cannot be read: ${systemReason(cause) ?? 'it is damaged'}`, { cause })
  })
  return {
    open: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
    bytes: size,
    type,
    encoding,
    digest: `sha-256=:${hash.digest('base64')}:`,
  }
}

async function digested(path: string, hash: Hash): Promise<{ size: number }> {
  for await (const piece of createReadStream(path)) hash.update(piece)
  return stat(path)
}
