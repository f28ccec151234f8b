import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { TitianError } from '../../domain/error.ts'
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

/** A file as a payload: type and encoding follow from its name; it is read once for its digest, and again for each sending. */
export async function filePayload(path: string): Promise<Payload> {
  const encoding = ENCODINGS[extname(path).toLowerCase()] ?? 'identity'
  const name = encoding === 'identity' ? basename(path) : basename(path, extname(path))
  const type = TYPES[extname(name).toLowerCase()]
  if (type === undefined) {
    throw new TitianError('type-unsupported', `${path}: the name must end in ${Object.keys(TYPES).join(', ')}`)
  }
  const { size } = await stat(path)
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece)
  return {
    open: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
    bytes: size,
    type,
    encoding,
    digest: `sha-256=:${hash.digest('base64')}:`,
  }
}
