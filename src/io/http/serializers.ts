import SerializerSelector from '@fastify/fast-json-stringify-compiler'

type Build = ReturnType<typeof SerializerSelector>
type Route = Parameters<ReturnType<Build>>[0]
type Shared = Readonly<Record<string, unknown>>

/**
 * Makes serializers as Fastify does, each over the shared schemas that it names and no others, and one for all routes that answer the
 * same. Else every answer of every route walks every shared schema: 2.7 s at each start.
 */
export function serializersByNeed(): Build {
  const build = SerializerSelector()
  const made = new Map<string, ReturnType<ReturnType<Build>>>()
  return (shared, options) => {
    const texts = new Map(Object.entries((shared ?? {}) as Shared).map(([id, schema]) => [id, JSON.stringify(schema)]))
    return (route: Route) => {
      const text = JSON.stringify(route.schema) ?? ''
      const needed = Object.fromEntries(
        [...namesIn(text, texts)].sort().map((id) => [id, (shared as Shared)[id]] as const),
      )
      const name = `${text}|${Object.keys(needed).map((id) => texts.get(id))}`
      const serializer = made.get(name) ?? build(needed, options)(route)
      made.set(name, serializer)
      return serializer
    }
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
