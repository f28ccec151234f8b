type Operation = { requestBody?: { required?: boolean; content?: Record<string, { schema?: { anyOf?: object[] } }> } }

/**
 * Says of each body that may be missing that it may: the routes take `null` for it, and @fastify/swagger calls every body required.
 * The document is changed in place.
 */
export function markOptionalBodies({ paths = {} }: { paths?: object }): void {
  for (const operations of Object.values(paths))
    for (const { requestBody } of Object.values(operations as Record<string, Operation>))
      for (const media of Object.values(requestBody?.content ?? {})) {
        const given = media.schema?.anyOf?.filter((schema) => !('type' in schema && schema.type === 'null'))
        if (requestBody === undefined || given?.length !== 1 || media.schema?.anyOf?.length !== 2) continue
        requestBody.required = false
        media.schema = given[0] as object
      }
}
