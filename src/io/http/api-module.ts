import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { TSchema } from 'typebox'

/** What a room serves: the shapes that its answers are made of, and the functions that register its routes. */
export type ApiModule<Parts> = {
  shapes: readonly TSchema[]
  routes: readonly ((app: FastifyInstance, parts: Parts) => unknown)[]
}

/** Adds modules to an application: all shapes first, since a route may answer with one of another room. */
export async function registerModules<Parts>(
  app: FastifyInstance,
  modules: readonly ApiModule<Parts>[],
  parts: Parts,
): Promise<void> {
  for (const { shapes } of modules) for (const shape of shapes) app.addSchema(shape)
  for (const route of modules.flatMap(({ routes }) => routes)) {
    const plugin: FastifyPluginAsync = async (scope) => {
      await route(scope, parts)
    }
    await app.register(plugin)
  }
}
