import { formatParams, formatString, type InnerList, type Item } from './structured-field.ts'

/** Headers as `node:http` gives them; names in any case. */
export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>

/** The parts of a request that a signature may cover; `url` is absolute, its path and query exactly as sent. */
export type RequestParts = { method: string; url: string; headers: HeaderMap }

/** The parts of an answer, with the request that it answers for components marked `;req`. */
export type ResponseParts = { status: number; headers: HeaderMap; request: RequestParts }

export type MessageParts = RequestParts | ResponseParts

/**
 * The signature base of RFC 9421, 2.5: one line for each component in order, then the parameters. Undefined when the message
 * lacks a component, or the list repeats one or asks for one that is not supported (`sf`, `key`, `bs`, `tr`, `@query-param`).
 */
export function signatureBase(message: MessageParts, input: InnerList): string | undefined {
  const lines: string[] = []
  const seen = new Set<string>()
  for (const component of input.items) {
    const identifier = identifierOf(component)
    if (identifier === undefined || seen.has(identifier)) return undefined
    seen.add(identifier)
    const value = componentValue(message, component)
    if (value === undefined) return undefined
    lines.push(`${identifier}: ${value}`)
  }
  lines.push(`"@signature-params": ${formatInput(input)}`)
  return lines.join('\n')
}

/** Serializes a `Signature-Input` member: the covered components and the parameters. */
export function formatInput({ items, params }: InnerList): string {
  return `(${items.map((component) => identifierOf(component) ?? '').join(' ')})${formatParams(params)}`
}

/** A component as policies name it: `content-digest`, `@path`, and `@path;req` for a part of the answered request. */
export function componentName({ item, params }: Item): string | undefined {
  // A `;` inside the quotes would read like a flag.
  if (item.kind !== 'string' || item.value.includes(';')) return undefined
  return item.value + formatParams(params)
}

/** The reverse of `componentName`. */
export function componentOf(name: string): Item {
  const [value = '', ...flags] = name.split(';')
  return {
    item: { kind: 'string', value },
    params: new Map(flags.map((flag) => [flag, { kind: 'boolean', value: true }])),
  }
}

function identifierOf({ item, params }: Item): string | undefined {
  if (item.kind !== 'string') return undefined
  return formatString(item.value) + formatParams(params)
}

function componentValue(message: MessageParts, component: Item): string | undefined {
  const name = componentName(component)
  if (name === undefined) return undefined
  const [field, flag, ...more] = name.split(';')
  if (field === undefined || more.length > 0) return undefined
  if ('status' in message) {
    if (flag === 'req') return requestValue(message.request, field)
    if (flag !== undefined) return undefined
    return field === '@status' ? String(message.status) : fieldValue(message.headers, field)
  }
  return flag === undefined ? requestValue(message, field) : undefined
}

function requestValue({ method, url, headers }: RequestParts, name: string): string | undefined {
  if (!name.startsWith('@')) return fieldValue(headers, name)
  // Not `new URL`: it would fold `/a/../b` into `/b`, and the signature would cover another path than the router sees.
  const parts = /^(https?):\/\/([^/?#@]+)(\/[^?#]*)?(\?[^#]*)?$/i.exec(url)
  if (parts === null) return undefined
  const [, scheme = '', authority = '', path = '/', query = ''] = parts
  switch (name) {
    case '@method':
      return method
    case '@target-uri':
      return url
    case '@scheme':
      return scheme.toLowerCase()
    case '@authority':
      return authority.toLowerCase().replace(scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/, '')
    case '@request-target':
      return path + query
    case '@path':
      return path
    case '@query':
      return query === '' ? '?' : query
    default:
      return undefined
  }
}

/** RFC 9421, 2.1: all lines of a field, trimmed, folds undone, joined by a comma. */
function fieldValue(headers: HeaderMap, name: string): string | undefined {
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return undefined
  const lines = Object.entries(headers)
    .filter(([key, value]) => key.toLowerCase() === name && value !== undefined)
    .flatMap(([, value]) => value ?? [])
  if (lines.length === 0) return undefined
  const value = lines.map((line) => line.trim().replace(/[ \t]*\r?\n[ \t]+/g, ' ')).join(', ')
  // A bare line break would let a value pose as the next component.
  return /[\r\n]/.test(value) ? undefined : value
}
