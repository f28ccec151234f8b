/** A bare item of RFC 9651; keys, tokens and strings differ, so each value carries its kind. */
export type Bare =
  | { kind: 'integer' | 'decimal' | 'date'; value: number }
  | { kind: 'string' | 'token' | 'display'; value: string }
  | { kind: 'bytes'; value: Buffer }
  | { kind: 'boolean'; value: boolean }
export type Params = Map<string, Bare>
export type Item = { item: Bare; params: Params }
export type InnerList = { items: Item[]; params: Params }
export type DictionaryMember = Item | InnerList

class Malformed extends Error {}

/**
 * Parses a structured field of type dictionary (RFC 9651, 4.2.2); undefined when it is malformed. Members stay in order and
 * a repeated key stays visible, for the readers of security fields, who refuse what the RFC would quietly overwrite.
 */
export function parseDictionary(text: string): [string, DictionaryMember][] | undefined {
  const at = new Cursor(text)
  try {
    return dictionary(at)
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

class Cursor {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  peek(): string {
    return this.#text.charAt(this.#at)
  }

  /** Consumes what the sticky pattern matches here; undefined when it does not. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  need(pattern: RegExp): string {
    const found = this.take(pattern)
    if (found === undefined) throw new Malformed()
    return found
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }
}

function dictionary(at: Cursor): [string, DictionaryMember][] {
  const members: [string, DictionaryMember][] = []
  at.take(/ */y)
  while (!at.done) {
    const key = at.need(/[a-z*][a-z0-9_.*-]*/y)
    members.push([key, at.take(/=/y) ? member(at) : { item: { kind: 'boolean', value: true }, params: params(at) }])
    const comma = at.need(/[ \t]*(?:,[ \t]*)?/y)
    if (at.done ? comma.includes(',') || /\t/.test(comma) : !comma.includes(',')) throw new Malformed()
  }
  return members
}

function member(at: Cursor): DictionaryMember {
  return at.peek() === '(' ? innerList(at) : item(at)
}

function innerList(at: Cursor): InnerList {
  at.need(/\( */y)
  const items: Item[] = []
  while (!at.take(/\)/y)) {
    items.push(item(at))
    if (at.need(/ */y) === '' && at.peek() !== ')') throw new Malformed()
  }
  return { items, params: params(at) }
}

function item(at: Cursor): Item {
  return { item: bare(at), params: params(at) }
}

function params(at: Cursor): Params {
  const found: Params = new Map()
  while (at.take(/; */y)) {
    const key = at.need(/[a-z*][a-z0-9_.*-]*/y)
    // A repeated parameter moves to the end with its last value.
    found.delete(key)
    found.set(key, at.take(/=/y) ? bare(at) : { kind: 'boolean', value: true })
  }
  return found
}

function bare(at: Cursor): Bare {
  const first = at.peek()
  if (first === '"') return { kind: 'string', value: unescaped(at.need(/"(?:[ !#-[\]-~]|\\["\\])*"/y)) }
  if (first === ':') return { kind: 'bytes', value: bytes(at.need(/:[A-Za-z0-9+/]*={0,2}:/y)) }
  if (first === '?') return { kind: 'boolean', value: at.need(/\?[01]/y) === '?1' }
  if (first === '@') return { kind: 'date', value: integer(at.need(/@-?[0-9]{1,15}(?![0-9.])/y).slice(1)) }
  if (first === '%') return { kind: 'display', value: display(at.need(/%"(?:[ !#$&-~]|%[0-9a-f]{2})*"/y)) }
  if (/[-0-9]/.test(first)) return number(at.need(/-?[0-9]+(?:\.[0-9]*)?/y))
  return { kind: 'token', value: at.need(/[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y) }
}

function unescaped(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/g, '$1')
}

function bytes(text: string): Buffer {
  return Buffer.from(text.slice(1, -1), 'base64')
}

function number(text: string): Bare {
  if (/^-?[0-9]{1,15}$/.test(text)) return { kind: 'integer', value: integer(text) }
  if (!/^-?[0-9]{1,12}\.[0-9]{1,3}$/.test(text)) throw new Malformed()
  return { kind: 'decimal', value: Number(text) }
}

/** `-0` is the integer 0. */
function integer(text: string): number {
  return Number(text) + 0
}

function display(text: string): string {
  try {
    return decodeURIComponent(text.slice(2, -1))
  } catch {
    throw new Malformed()
  }
}

/** Serializes a text as an sf-string; throws a RangeError on what an sf-string cannot hold. */
export function formatString(text: string): string {
  if (/[^\x20-\x7e]/.test(text)) throw new RangeError('not an sf-string')
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** Serializes parameters in their order. */
export function formatParams(found: Params): string {
  let text = ''
  for (const [key, value] of found)
    text += value.kind === 'boolean' && value.value ? `;${key}` : `;${key}=${formatBare(value)}`
  return text
}

function formatBare(bare: Bare): string {
  switch (bare.kind) {
    case 'integer':
      return String(bare.value)
    case 'decimal':
      return Number.isInteger(bare.value) ? `${bare.value}.0` : String(bare.value)
    case 'date':
      return `@${bare.value}`
    case 'string':
      return formatString(bare.value)
    case 'token':
      return bare.value
    case 'bytes':
      return `:${bare.value.toString('base64')}:`
    case 'boolean':
      return bare.value ? '?1' : '?0'
    case 'display':
      return `%"${[...Buffer.from(bare.value)].map((byte) => (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x25 ? `%${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte))).join('')}"`
  }
}
