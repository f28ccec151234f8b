import type { RouteOptions } from 'fastify'
import Type from 'typebox'
import { problems } from './openapi.ts'

const OF_A_BODY = ['type-unsupported', 'encoding-unsupported', 'body-too-large'] as const
const NO_QUERY = Type.Object({}, { additionalProperties: false })

/**
 * What holds for every operation under `/v1/`: it takes only the query that its schema names, and its document says which
 * problems the framework may answer before the route is reached. Somebody may send a body with a DELETE, too.
 */
export function closeContract(route: RouteOptions): void {
  const { schema, url, method } = route
  if (schema === undefined || schema.hide === true || !url.startsWith('/v1/')) return
  const sends = [method].flat().some((one) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(one))
  const response = { ...problems('bad-request', ...(sends ? OF_A_BODY : [])), ...(schema.response as object) }
  route.schema = { ...schema, querystring: schema.querystring ?? NO_QUERY, response }
}
