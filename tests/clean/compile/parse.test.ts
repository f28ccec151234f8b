import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspect, parseCells, parseStrictly } from '../../../src/clean/compile/parse.ts'

const codesOf = (text: string) => parseStrictly(text).findings.map(({ code, path }) => `${code} ${path}`)

describe('parseStrictly', () => {
  it.for([
    ['{"a":1,"a":2}', ['json-duplicate-key ']],
    ['{"a":{"b":1,"\\u0062":2}}', ['json-duplicate-key ']],
    // As long as the text that a single name would have.
    ['{"a":0,"a":1e9}', ['json-duplicate-key ']],
    ['{"a" :0,"a":"b\\":c"}', ['json-duplicate-key ']],
    ['{"a":-0,"b":[],"c":{},"d":[false,true,null,-12,1000,0.5]}', []],
    ['{"a":1', ['json-invalid ']],
    ['{"a":1} {"a":1}', ['json-invalid ']],
    ['', ['json-invalid ']],
    ['{"nik":9171010101900001}', ['number-imprecise /nik']],
    ['{"a":1e400}', ['number-imprecise /a']],
    ['{"a":"x\\u0000y"}', ['text-invisible-characters /a']],
    ['{"a":{"b":["\ufeffx"]}}', ['text-invisible-characters /a/b/0']],
    ['{"a":"\u202ex"}', ['text-invisible-characters /a']],
    ['{"a":"e\u0301"}', ['text-not-normal /a']],
    ['{"a":"\\ud800"}', ['json-surrogate /a']],
    [`${'['.repeat(60)}1.0${']'.repeat(60)}`, ['json-too-deep ']],
    ['{ "a" : 1.50, "b":-0 }', []],
    ['{"a":"\\"b\\":","c":"\\\\"}', []],
    ['{"nik":3510064210170001}', []],
    ['{"a\\"b":1}', ['json-escaped-name ']],
    ['{"a":{"\\u0000b" :1}}', ['json-escaped-name ']],
    ['{"a\\u0022b":1}', ['json-escaped-name ']],
    ['{"luas\\u00b2":"\\"x\\":"}', []],
  ] as const)('finds in %s: %s', ([text, found]) => {
    expect(codesOf(text)).toEqual(found)
  })

  it('removes what is invisible and nothing else', () => {
    expect(parseStrictly('{"a":"SI\\u0000TI\u200b \u00c9"}').value).toEqual({ a: 'SITI \u00c9' })
  })

  it('takes a number that lost digits out, and leaves the rest of the record', () => {
    expect(parseStrictly('{"nik":9171010101900001,"nama":"A"}').value).toEqual({ nama: 'A' })
  })

  it('reads every JSON text as JSON.parse does, however it is spaced', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
        const value = JSON.parse(text)
        const { value: read, findings } = parseStrictly(JSON.stringify(value, null, space))
        if (findings.length === 0) expect(JSON.stringify(read)).toBe(JSON.stringify(value))
      }),
    )
  })

  it('finds a doubled name wherever it stands', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z²é/]{1,5}$/), { minLength: 2, maxLength: 8 })
    // As some senders write what is not ASCII, or a slash.
    const written = (name: string) =>
      JSON.stringify(name).replace(/[²é/]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
    fc.assert(
      fc.property(names, fc.nat(), fc.boolean(), (all, pick, inner) => {
        const pairs = all.map((name) => `${written(name)}: "x"`)
        const doubled = `{${[...pairs, pairs[pick % pairs.length]].join(', ')}}`
        expect(codesOf(inner ? `{"a": [${doubled}]}` : doubled)).toEqual(['json-duplicate-key '])
        const plain = `{${pairs.join(', ')}}`
        expect(codesOf(plain)).toEqual([])
        expect(Object.keys(parseStrictly(plain).value as object)).toEqual(all)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseStrictly(text)).toHaveProperty('findings')
      }),
    )
    expect(codesOf('['.repeat(100_000))).toEqual(['json-invalid '])
  })
})

describe('inspect', () => {
  it('refuses names that reach for a prototype, however they are written', () => {
    for (const text of ['{"__proto__":{}}', '{"a":[{"\\u005f_proto__":1}]}', '{"constructor":1}']) {
      expect(inspect(JSON.parse(text)).map(({ code }) => code)).toEqual(['json-forbidden-key'])
    }
  })

  it('refuses nesting beyond any layout without following it', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)
    expect(inspect(deep).map(({ code }) => code)).toEqual(['json-too-deep'])
  })
})

describe('parseCells', () => {
  it('cleans the texts of a row', () => {
    expect(parseCells(JSON.stringify(['A', '\ufeffB', '']), ['x', 'y/z', ''])).toEqual({
      value: ['A', 'B', ''],
      findings: [{ code: 'text-invisible-characters', severity: 'warning', path: '/y~1z' }],
    })
  })

  it('reads what a spreadsheet wrapped in a formula, and says so', () => {
    expect(parseCells(JSON.stringify(['="0123"', '=1+1', '="a""b"']), ['x', 'y', 'z'])).toEqual({
      value: ['0123', '=1+1', 'a"b'],
      findings: ['/x', '/z'].map((path) => ({ code: 'text-formula', severity: 'warning', path })),
    })
  })

  it.for(['NOÃ«L', 'MAâ€™RUF', 'ANDR\u00c3\u0089', 'NO\ufffdL', 'NO├½L', 'NO\u0089L', 'Ø§Ø\u00a8'])(
    'tells that %j is damaged, and leaves it',
    (text) => {
      expect(parseCells(JSON.stringify([text]), ['x'])).toEqual({
        value: [text],
        findings: [{ code: 'text-damaged', severity: 'warning', path: '/x' }],
      })
    },
  )

  it.for(['NOËL', 'JOÃO', 'CONCEIÇÃO', 'ÂNGELA', 'ANDRÉ’S', 'MA’RUF', '“A” – B', 'ÅSE', 'SØREN', 'Ñ', '张伟', 'محمد'])(
    'finds nothing in %j',
    (text) => {
      expect(parseCells(JSON.stringify([text]), ['x']).findings).toEqual([])
    },
  )
})
