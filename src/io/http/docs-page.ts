import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * What a page of a foreign plugin may do (API docs, Bull Board): its own scripts and nothing inline of them, styles as they come,
 * nothing from another host, no frame around it.
 */
export const FOREIGN_PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Swagger UI looks for its document beside the whole address, query and all, and would not find it behind `?lang=en`. */
export async function withoutQuery({ url }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const page = /^(\/docs)\/?\?/.exec(url)?.[1]
  return page === undefined ? undefined : reply.redirect(`${page}/`, 302)
}
