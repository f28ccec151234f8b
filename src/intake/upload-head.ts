import type { SourceFormat } from '../domain/dataset.ts'
import { TitianError } from '../domain/error.ts'
import type { TextEncoding } from './formats/encoding.ts'
import { XLSX_TYPE } from './formats/sniff.ts'
import { CONTENT_ENCODINGS, type ContentEncoding } from './formats/unpack.ts'

export type MediaType = { array: boolean; charset: TextEncoding | undefined; isWorkbook?: true }

const CHARSETS: Readonly<Record<string, TextEncoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  // By the Encoding Standard of WHATWG the names of Latin-1 mean Windows-1252, as most senders do.
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  // The bytes say which of the two, and are read as they say.
  'utf-16': 'utf-8',
  'utf-16le': 'utf-8',
  'utf-16be': 'utf-8',
}

/** What a `Content-Type` says about a body for a dataset; throws `type-unsupported` when it does not fit its format. */
export function readMediaType(header: string | undefined, format: SourceFormat): MediaType {
  const [type = '', ...params] = (header ?? '').split(';').map((part) => part.trim().toLowerCase())
  const array = format.kind === 'ndjson' && type === 'application/json'
  const accepts = format.kind === 'csv' ? ['text/csv', XLSX_TYPE] : ['application/x-ndjson', 'application/json']
  if (!accepts.includes(type))
    throw new TitianError('type-unsupported', `the dataset takes ${accepts.join(' or ')}`, { accepts })
  if (type === XLSX_TYPE) return { array: false, charset: undefined, isWorkbook: true }
  const charset = params.find((param) => param.startsWith('charset='))?.slice('charset='.length)
  if (charset === undefined) return { array, charset: undefined }
  const name = charset.replaceAll('"', '')
  // JSON between systems is UTF-8 (RFC 8259, 8.1).
  const encoding = format.kind === 'csv' || !name.startsWith('utf-16') ? CHARSETS[name] : undefined
  const allowed: readonly TextEncoding[] = format.kind === 'csv' ? format.encodings : ['utf-8']
  if (encoding === undefined || !allowed.includes(encoding))
    throw new TitianError('type-unsupported', `the dataset takes ${allowed.join(' or ')}`, {
      accepts: accepts
        .filter((one) => one !== XLSX_TYPE)
        .flatMap((one) => allowed.map((name) => `${one};charset=${name}`)),
    })
  return { array, charset: encoding }
}

/** One content coding, or none; several on top of each other are refused. `x-gzip` is gzip (RFC 9110, 8.4.1.3). */
export function readContentEncoding(header: string | undefined): ContentEncoding {
  const name = header?.trim().toLowerCase() ?? 'identity'
  const encoding = CONTENT_ENCODINGS.find((known) => known === (name === 'x-gzip' ? 'gzip' : name))
  if (encoding !== undefined) return encoding
  const accepts = CONTENT_ENCODINGS.filter((known) => known !== 'identity')
  throw new TitianError('encoding-unsupported', `one of ${accepts.join(', ')}, or none`, { accepts })
}

/**
 * The `Idempotency-Key`: 1 to 255 visible ASCII characters, as a structured-field string (draft-ietf-httpapi-idempotency-key)
 * or without its quotes, as most clients send it; both forms of a text are the same key.
 */
export function readIdempotencyKey(header: string | string[] | undefined): string {
  if (header === undefined || header === '') throw new TitianError('key-missing')
  const text = String(header)
  const quoted = /^"((?:[!#-[\]-~]|\\["\\])*)"$/.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1')
  const key = quoted ?? (/^[!#-~][!-~]*$/.test(text) ? text : '')
  if (key.length === 0 || key.length > 255) {
    throw new TitianError('bad-request', 'Idempotency-Key is malformed', {
      places: [{ pointer: '/headers/idempotency-key', code: 'key-malformed' }],
    })
  }
  return key
}
