/** A schema of the contract, as far as types are made of it. */
export type Schema = {
  $ref?: string
  type?: string | readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  prefixItems?: readonly Schema[]
  description?: string
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}
const NAME = /^[A-Za-z_$][\w$]*$/

/** The TypeScript type of what a schema allows; `unknown` where it says nothing. Throws for a reference out of the contract. */
export function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return 'unknown'
  if (schema.$ref !== undefined) return `Schemas[${JSON.stringify(nameIn(schema.$ref))}]`
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)))
  const parts = schema.anyOf ?? schema.oneOf
  if (parts !== undefined) return union(parts.map(typeOf))
  if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ')
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0) return union(types.map((type) => plainOr(type, schema)))
  return schema.properties === undefined ? 'unknown' : objectOf(schema)
}

/** A name as it stands before a colon in a type. */
export function property(name: string, isRequired: boolean): string {
  return `${NAME.test(name) ? name : JSON.stringify(name)}${isRequired ? '' : '?'}`
}

/** A comment of what a schema describes; nothing where it does not. */
export function comment(text: string | undefined): string {
  return text === undefined ? '' : `/** ${text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /')} */ `
}

function plainOr(type: string, schema: Schema): string {
  if (type === 'object') return objectOf(schema)
  if (type !== 'array') return PLAIN[type] ?? 'unknown'
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeOf).join(', ')}]`
  return `(${typeOf(schema.items)})[]`
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, member]) => `${comment(member.description)}${property(name, required.includes(name))}: ${typeOf(member)}`,
  )
  if (members.length > 0) return `{ ${members.join('; ')} }`
  if (additionalProperties === false) return 'Record<string, never>'
  return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`
}

function union(types: readonly string[]): string {
  return types.length === 0 ? 'unknown' : [...new Set(types)].join(' | ')
}

function nameIn(ref: string): string {
  const name = /^#\/components\/schemas\/([^/]+)$/.exec(ref)?.[1]
  if (name === undefined) throw new Error(`${ref} is no schema of the contract`)
  return name
}
