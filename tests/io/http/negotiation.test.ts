import { describe, expect, it } from 'vitest'
import { bestType } from '../../../src/io/http/accept.ts'
import { languageOf } from '../../../src/io/http/language.ts'

describe('languageOf', () => {
  it.for<[string | undefined, 'id' | 'en']>([
    [undefined, 'id'],
    ['', 'id'],
    ['in', 'id'],
    ['in-ID', 'id'],
    ['IN, en;q=0.9', 'id'],
    ['en;q=0.8, in;q=0.9', 'id'],
    ['en-US,en;q=0.9,id;q=0.8', 'en'],
    ['id-ID;q=0.3, en-GB;q=0.300', 'id'],
    ['en, id', 'en'],
    ['de', 'id'],
    ['de, en;q=0.1', 'en'],
    ['*', 'id'],
    ['en;q=0.5, *;q=0.8', 'id'],
    ['en, *;q=0.1', 'en'],
    ['id;q=0', 'en'],
    ['id;q=0, *', 'en'],
    ['in;q=0, en;q=0', 'id'],
    ['en ; q = 0.4 , id;q=0.3', 'en'],
    ['en;q=2, id;q=0.1', 'id'],
    ['english', 'id'],
  ])('answers %s in %s', ([header, language]) => {
    expect(languageOf(header)).toBe(language)
  })
})

describe('bestType', () => {
  const FORMS = ['application/json', 'application/x-ndjson', 'text/csv'] as const
  it.for<[string | undefined, (typeof FORMS)[number] | undefined]>([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['text/*', 'text/csv'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['text/csv;q=0.5, application/x-ndjson;q=0.6', 'application/x-ndjson'],
    ['application/json;q=0.1, text/csv', 'text/csv'],
    ['text/csv, */*', 'text/csv'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
    ['application/json;q=0, */*', 'application/x-ndjson'],
    ['application/*;q=0, */*;q=0.1', 'text/csv'],
    ['application/x-ndjson, application/json', 'application/x-ndjson'],
    ['text/html', undefined],
    ['text/csv;q=0', undefined],
    ['*/*;q=0', undefined],
    ['image/png, text/csv;q=0.000', undefined],
  ])('likes for %s %s', ([header, type]) => {
    expect(bestType(header, FORMS)).toBe(type)
  })
})
