import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

type Reading = { raw: IncomingMessage; read: number; slowLooks: number }

/** Slower than any link that carries anything: below it a connection is only held. */
const BYTES_PER_SECOND = 100
const LOOKS = 4

/**
 * Cuts bodies that come slower than 100 bytes a second for so many seconds: silence is cut elsewhere, but one byte now and then would hold
 * a connection for an hour. Only the sender's slowness counts: while bytes wait for us, or we have not asked for any, it is ours.
 */
export function cutSlowBodies(app: FastifyInstance, seconds: number, refuse: (socket: Socket) => void): void {
  const reading = new Set<Reading>()
  app.addHook('onRequest', async ({ raw }) => {
    const { 'content-length': length, 'transfer-encoding': coding } = raw.headers
    if (coding === undefined && Number(length ?? 0) === 0) return
    const one = { raw, read: raw.socket.bytesRead, slowLooks: 0 }
    reading.add(one)
    raw.once('close', () => reading.delete(one))
  })
  const lookMs = (seconds * 1000) / LOOKS
  const timer = setInterval(() => {
    for (const one of reading) {
      const { raw } = one
      if (raw.complete || raw.socket.destroyed) {
        reading.delete(one)
        continue
      }
      const came = raw.socket.bytesRead - one.read
      one.read = raw.socket.bytesRead
      const isOurs = raw.readableLength > 0 || raw.readableFlowing === null
      one.slowLooks = isOurs || came >= (BYTES_PER_SECOND * lookMs) / 1000 ? 0 : one.slowLooks + 1
      if (one.slowLooks < LOOKS) continue
      reading.delete(one)
      refuse(raw.socket)
    }
  }, lookMs)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
}
