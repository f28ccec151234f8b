import { comment, property, type Schema, typeOf } from './schema.ts'

type Content = Readonly<Record<string, { schema?: Schema }>>
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema }
type Operation = {
  operationId: string
  summary?: string
  parameters?: readonly Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Readonly<Record<string, { content?: Content }>>
}

/** A contract by OpenAPI 3.1, as far as the client is made of it. */
export type Contract = {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components: { schemas: Readonly<Record<string, Schema>> }
}

const JSON_TYPE = 'application/json'
const HEAD = `// Made from openapi/gateway.json by "npm run generate": not to be changed by hand.

/** A body that is sent as it is. */
export type Bytes = string | Blob | ReadableStream<Uint8Array>
`

/** The module of a contract: its schemas and operations as types, and the method and path of each operation. */
export function apiOf({ paths, components }: Contract): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `  ${property(name, true)}: ${typeOf(schema)}`,
  )
  const types = operations.map(
    ({ operation, method }) =>
      `  ${comment(operation.summary)}\n  ${operation.operationId}: ${typesOf(operation, method)}`,
  )
  const places = operations.map(
    ({ method, path, operation }) => `  ${operation.operationId}: { method: '${method}', path: '${path}' },`,
  )
  return `${HEAD}
export type Schemas = {
${schemas.join('\n')}
}

export type Operations = {
${types.join('\n')}
}

export const PLACES = {
${places.join('\n')}
} as const satisfies Record<keyof Operations, { method: string; path: string }>
`
}

function typesOf(operation: Operation, method: string): string {
  const input = [
    parametersOf(operation, 'path', 'path'),
    parametersOf(operation, 'query', 'query'),
    parametersOf(operation, 'header', 'headers'),
    bodyOf(operation, method),
  ]
  return `{ input: { ${input.filter((part) => part !== '').join('; ')} }; answer: ${answerOf(operation)} }`
}

function parametersOf({ parameters = [] }: Operation, where: string, name: string): string {
  const those = parameters.filter((parameter) => parameter.in === where)
  if (those.length === 0) return ''
  const members = those.map(
    ({ name: member, required = false, description, schema }) =>
      `${comment(description)}${property(member, required)}: ${typeOf(schema)}`,
  )
  return `${property(
    name,
    those.some(({ required }) => required),
  )}: { ${members.join('; ')} }`
}

/** A body of one form in JSON has its type; any other is sent as it is. */
function bodyOf({ requestBody }: Operation, method: string): string {
  if (requestBody === undefined) return method === 'POST' || method === 'PATCH' ? 'body?: Bytes' : ''
  const [form = '', ...others] = Object.keys(requestBody.content)
  const type = form === JSON_TYPE && others.length === 0 ? typeOf(requestBody.content[form]?.schema) : 'Bytes'
  return `${property('body', requestBody.required === true)}: ${type}`
}

/** What is answered as JSON, as a value; where nothing is, the answer itself, whose body may be streamed. */
function answerOf({ responses }: Operation): string {
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const forms = good.flatMap(([, { content = {} }]) => content[JSON_TYPE] ?? [])
  return forms.length === 0 ? 'Response' : [...new Set(forms.map(({ schema }) => typeOf(schema)))].join(' | ')
}
