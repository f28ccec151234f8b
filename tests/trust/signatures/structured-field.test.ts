import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type Bare,
  type DictionaryMember,
  formatParams,
  type Item,
  type Params,
  parseDictionary,
} from '../../../src/trust/signatures/structured-field.ts'

// github.com/httpwg/structured-field-tests at 1e280c3: the dictionaries, and the items, each read as member `a`.
const FOLDER = new URL('./structured-field-vectors/', import.meta.url)
type Vector = {
  name: string
  raw: string[]
  header_type: 'item' | 'list' | 'dictionary'
  expected?: unknown
  must_fail?: boolean
  can_fail?: boolean
  canonical?: string[]
}
const vectors = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Vector[])
  .filter((vector) => vector.header_type !== 'list')

describe('parseDictionary', () => {
  it('sees the published vectors', () => {
    expect(vectors.length).toBeGreaterThan(150)
  })

  it.for(vectors)('agrees with the vector: $name', ({ raw, header_type, expected, must_fail, can_fail, canonical }) => {
    const text = raw.join(', ')
    if (header_type === 'item') {
      const trimmed = text.replace(/^ +| +$/g, '')
      // Only an item may be ended by a comma of the dictionary around it.
      const parsed = parseDictionary(`a=${trimmed}`)
      if (must_fail) expect(parsed === undefined || parsed.length !== 1).toBe(true)
      else if (parsed === undefined) expect(can_fail).toBe(true)
      else {
        expect(shape(parsed[0]?.[1])).toEqual(expected)
        const member = parsed[0]?.[1] as Item
        expect(formatParams(new Map([['a', member.item]])).replace(/^;a(?:=|$)/, '') || '?1').toBe(
          (canonical ?? [trimmed])[0],
        )
      }
      return
    }
    const parsed = parseDictionary(text)
    if (must_fail) expect(parsed).toBeUndefined()
    else expect([...new Map(parsed)].map(([key, member]) => [key, shape(member)])).toEqual(expected)
  })

  it('keeps a repeated key visible', () => {
    expect(parseDictionary('a=1, b=2, a=3')?.map(([key]) => key)).toEqual(['a', 'b', 'a'])
  })

  it('takes time in proportion to the text', () => {
    const started = performance.now()
    for (const text of [
      '('.repeat(100_000),
      'a=("x" '.repeat(20_000),
      `a="${'\\'.repeat(100_001)}"`,
      ' '.repeat(200_000),
    ])
      parseDictionary(text)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

function shape(member: DictionaryMember | undefined): unknown {
  if (member === undefined) return undefined
  if ('items' in member) return [member.items.map(shape), shapeParams(member.params)]
  return [shapeBare(member.item), shapeParams(member.params)]
}

function shapeParams(params: Params): unknown {
  return [...params].map(([key, value]) => [key, shapeBare(value)])
}

function shapeBare(bare: Bare): unknown {
  if (bare.kind === 'bytes') return { __type: 'binary', value: base32(bare.value) }
  if (bare.kind === 'token' || bare.kind === 'date') return { __type: bare.kind, value: bare.value }
  if (bare.kind === 'display') return { __type: 'displaystring', value: bare.value }
  return bare.value
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const text = (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('')
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}
