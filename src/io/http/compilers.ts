import AjvCompiler from '@fastify/ajv-compiler'
import SerializerSelector from '@fastify/fast-json-stringify-compiler'

type BuildSerializer = ReturnType<typeof SerializerSelector>
type BuildValidator = AjvCompiler.BuildCompilerFromPool
type Route = Parameters<ReturnType<BuildSerializer>>[0]
type Shared = Readonly<Record<string, unknown>>
/** V8 finds what Ajv's own passes over its code would find; they are a third of the time that it takes to make. */
export const PLAIN_CODE = { code: { optimize: false } }

type Validator = ReturnType<ReturnType<BuildValidator>>

/**
 * How Fastify turns schemas into code, each at its first use: a gateway has some hundred routes, and a start would wait for them all.
 * Fastify asks anew for the compilers of each route once schemas are shared. Those are the same for all routes of a server
 * (`addSchemas`), so the compilers are made again only where schemas came.
 */
export const compilersAtFirstUse = () => ({ buildValidator: validators(), buildSerializer: serializersByNeed() })

function validators(): BuildValidator {
  const build = AjvCompiler()
  let made: { schemas: number; compile: ReturnType<BuildValidator> } | undefined
  return (shared, options) => {
    const schemas = Object.keys(shared).length
    if (made?.schemas === schemas) return made.compile
    const compile = build(shared, options)
    // Each compiled schema of a route is a validator that keeps its errors on itself.
    const compileLater: typeof compile = (schema) => {
      let ready: Validator | undefined
      const validator = Object.assign(
        (data: unknown) => {
          ready ??= compile(schema)
          const answer = ready(data)
          validator.errors = ready.errors
          return answer
        },
        { errors: undefined as Validator['errors'] },
      )
      return validator as Validator
    }
    made = { schemas, compile: compileLater }
    return compileLater
  }
}

/**
 * Makes serializers as Fastify does, each over the shared schemas that it names and no others, and one for all routes that answer the
 * same. Else every answer of every route walks every shared schema.
 */
function serializersByNeed(): BuildSerializer {
  const build = SerializerSelector()
  let made: { schemas: number; compile: ReturnType<BuildSerializer> } | undefined
  return (given, options) => {
    const shared = (given ?? {}) as Shared
    const schemas = Object.keys(shared).length
    if (made?.schemas === schemas) return made.compile
    const texts = new Map(Object.entries(shared).map(([id, schema]) => [id, JSON.stringify(schema)]))
    const known = new Map<string, ReturnType<ReturnType<BuildSerializer>>>()
    const serializerOf = (route: Route) => {
      const text = JSON.stringify(route.schema) ?? ''
      const needed = Object.fromEntries([...namesIn(text, texts)].sort().map((id) => [id, shared[id]] as const))
      const serializer =
        known.get(text) ?? build(needed, { ...options, ajv: { ...options?.ajv, ...PLAIN_CODE } })(route)
      known.set(text, serializer)
      return serializer
    }
    const compile: ReturnType<BuildSerializer> = (route) => {
      let ready: ReturnType<typeof compile> | undefined
      return (document) => {
        ready ??= serializerOf(route)
        return ready(document)
      }
    }
    made = { schemas, compile }
    return compile
  }
}
/** The shared schemas that a schema names, and those that these name. */
function namesIn(text: string, texts: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>()
  const waiting = [text]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [, id = ''] of next.matchAll(/"\$ref":"([^"#]+)#/g)) {
      const named = texts.get(id)
      if (named === undefined || found.has(id)) continue
      found.add(id)
      waiting.push(named)
    }
  }
  return found
}
