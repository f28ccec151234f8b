import type { FastifyReply, FastifyRequest } from 'fastify'

/** Swagger UI looks for its document beside the whole address, query and all, and would not find it behind `?lang=en`. */
export async function withoutQuery({ url }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const page = /^(\/docs)\/?\?/.exec(url)?.[1]
  return page === undefined ? undefined : reply.redirect(`${page}/`, 302)
}
