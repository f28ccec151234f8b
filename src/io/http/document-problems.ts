import type { RouteOptions } from 'fastify'

/** Every route may answer with a problem; one that says itself which ones keeps that. */
export function documentProblems({ schema }: RouteOptions): void {
  if (schema === undefined || schema.hide === true) return
  const said = (schema.response ?? {}) as Record<string, unknown>
  if (Object.keys(said).some((status) => status.startsWith('4'))) return
  const problem = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  }
  schema.response = { ...said, '4xx': problem, '5xx': problem }
}
