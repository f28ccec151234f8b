import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Wall } from '../../io/postgres/wall.sql.ts'
import { callerPlatform } from './authenticate.ts'

/**
 * Has each request of a platform worked behind the wall, from where its caller is known to the last piece of its answer. To be
 * registered after the authentication and before any route.
 */
export function workBehindWall(app: FastifyInstance, wall: Wall): void {
  // As they were when the caller proved itself: nothing that a route does later moves the wall.
  const platforms = new WeakMap<FastifyRequest, string>()
  const within = <T>(request: FastifyRequest, work: () => T): T => {
    const platform = platforms.get(request)
    return platform === undefined ? work() : wall.run(platform, work)
  }
  app.addHook('onRequest', (request, _reply, done) => {
    const platform = callerPlatform(request)
    if (platform !== undefined) platforms.set(request, platform)
    within(request, done)
  })
  // What reads a body goes on from an event of the connection, which knows of no request.
  app.addHook('preValidation', (request, _reply, done) => within(request, done))
  // So does an answer that is written piece by piece.
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (payload instanceof Readable) {
      const read = payload._read
      payload._read = (size) => within(request, () => read.call(payload, size))
    }
    done(null, payload)
  })
}
