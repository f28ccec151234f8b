import { describe, expect, it } from 'vitest'
import type { SourceFormat } from '../../src/domain/dataset.ts'
import { XLSX_TYPE } from '../../src/intake/formats/sniff.ts'
import { readContentEncoding, readIdempotencyKey, readMediaType } from '../../src/intake/upload-head.ts'

const NDJSON: SourceFormat = { kind: 'ndjson' }
const CSV: SourceFormat = { kind: 'csv', delimiter: ',', columns: ['a'], encodings: ['utf-8', 'windows-1252'] }

describe('Content-Type', () => {
  it.for<[header: string, format: SourceFormat, array: boolean, charset: string | undefined]>([
    ['application/x-ndjson', NDJSON, false, undefined],
    ['Application/X-NDJSON; charset="UTF-8"', NDJSON, false, 'utf-8'],
    ['application/json', NDJSON, true, undefined],
    ['text/csv; header=present', CSV, false, undefined],
    ['text/csv; charset=windows-1252', CSV, false, 'windows-1252'],
    ['text/csv;charset=cp1252', CSV, false, 'windows-1252'],
    ['text/csv; charset=iso-8859-1', CSV, false, 'windows-1252'],
    ['text/csv; charset=utf-16le', CSV, false, 'utf-8'],
  ])('%s fits', ([header, format, array, charset]) => {
    expect(readMediaType(header, format)).toEqual({ array, charset })
  })

  it.for<[header: string | undefined, format: SourceFormat]>([
    [undefined, NDJSON],
    ['text/csv', NDJSON],
    ['application/json', CSV],
    ['application/x-ndjson; charset=windows-1252', NDJSON],
    ['application/x-ndjson; charset=utf-16', NDJSON],
    [XLSX_TYPE, NDJSON],
    ['text/csv; charset=windows-1252', { ...CSV, encodings: ['utf-8'] }],
  ])('%s does not fit', ([header, format]) => {
    expect(() => readMediaType(header, format)).toThrow(expect.objectContaining({ code: 'type-unsupported' }))
  })
})

describe('Content-Encoding', () => {
  it.for([
    [undefined, 'identity'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['X-GZIP', 'gzip'],
    [' zstd ', 'zstd'],
    ['identity', 'identity'],
  ] as const)('%s is %s', ([header, encoding]) => {
    expect(readContentEncoding(header)).toBe(encoding)
  })

  it.for(['br', 'deflate', 'gzip, zstd', 'gzip,gzip', ''])('%j is refused', (header) => {
    expect(() => readContentEncoding(header)).toThrow(expect.objectContaining({ code: 'encoding-unsupported' }))
  })
})

describe('Idempotency-Key', () => {
  it.for([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['"a b"', undefined],
    ['"a\\"b\\\\"', 'a"b\\'],
    ["8e03'978e-40d5", "8e03'978e-40d5"],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['x'.repeat(256), undefined],
    ['a b', undefined],
    ['a, b', undefined],
    ['""', undefined],
    ['"abc', undefined],
    ['"a\\x"', undefined],
    ['é', undefined],
  ] as const)('%s', ([header, key]) => {
    if (key === undefined)
      expect(() => readIdempotencyKey(header)).toThrow(expect.objectContaining({ code: 'bad-request' }))
    else expect(readIdempotencyKey(header)).toBe(key)
  })

  it.for([undefined, ''])('%j is missing', (header) => {
    expect(() => readIdempotencyKey(header)).toThrow(expect.objectContaining({ code: 'key-missing' }))
  })
})
