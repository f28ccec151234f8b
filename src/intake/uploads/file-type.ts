const TYPES: Readonly<Record<string, string>> = {
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
  csv: 'text/csv',
  psv: 'text/csv',
  txt: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
const CODINGS: Readonly<Record<string, string>> = { gz: 'gzip', zst: 'zstd' }

/** What the name of a file says about its bytes: media type and content coding; undefined where it says nothing. */
export function typeOfName(name: string): { type: string; encoding: string | undefined } | undefined {
  const [last = '', before = ''] = name.toLowerCase().split('.').reverse()
  const encoding = CODINGS[last]
  const type = TYPES[encoding === undefined ? last : before]
  return type === undefined ? undefined : { type, encoding }
}
