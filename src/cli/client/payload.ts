import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { isZip, XLSX_TYPE } from '../../intake/formats/sniff.ts'
import type { Payload } from './push.client.ts'
import { piecesOf, requireReadable } from './readable.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.psv': 'text/csv',
  '.txt': 'text/csv',
  '.xlsx': XLSX_TYPE,
}
const ENCODINGS: Readonly<Record<string, Payload['encoding']>> = { '.gz': 'gzip', '.zst': 'zstd' }

/** Lines in memory as a payload. */
export function linesPayload(ndjson: Buffer): Payload {
  return {
    open: async function* (from = 0) {
      yield ndjson.subarray(from)
    },
    bytes: ndjson.length,
    type: 'application/x-ndjson',
    encoding: 'identity',
    digest: `sha-256=:${createHash('sha256').update(ndjson).digest('base64')}:`,
  }
}

/**
 * A file as a payload: type and encoding follow from its name, a workbook from its first bytes; it is read once for its digest, and again for each sending.
 * Throws `type-unsupported` by its name and `not-found` where it cannot be read.
 */
export async function filePayload(path: string): Promise<Payload> {
  const encoding = ENCODINGS[extname(path).toLowerCase()] ?? 'identity'
  const name = encoding === 'identity' ? basename(path) : basename(path, extname(path))
  let type = TYPES[extname(name).toLowerCase()]
  if (type === undefined) {
    throw new TitianError('type-unsupported', `${path}: the name must end in ${Object.keys(TYPES).join(', ')}`)
  }
  await requireReadable([path])
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of piecesOf(path, createReadStream(path))) {
    hash.update(piece)
    // A workbook is one by its bytes, whatever its name: so `check` reads it, too.
    if (bytes === 0 && encoding === 'identity') {
      if (isZip(piece)) type = XLSX_TYPE
      else if (type === XLSX_TYPE) type = 'text/csv'
    }
    bytes += piece.length
  }
  return {
    open: (start = 0) => piecesOf(path, createReadStream(path, { highWaterMark: 256 * 1024, start })),
    bytes,
    type,
    encoding,
    digest: `sha-256=:${hash.digest('base64')}:`,
  }
}
