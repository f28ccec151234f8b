import { generateKeyPairSync, sign } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ArrivalReceipt } from './arrival.ts'
import type { Mode } from './misbehave.ts'
import { problem } from './problem.http.ts'

const SLOW_MS = 60_000
const DRIP_MS = 200
const BLOCK = Buffer.alloc(256 * 1024, ' ')

/** Answers in a bad way without having taken anything; false when the mode is of another kind. */
export function refuseBadly(reply: FastifyReply, mode: Mode): boolean {
  switch (mode) {
    case 'reject':
      void problem(reply, 422, 'records-invalid')
      return true
    case 'unauthorized':
      void problem(reply, 401, 'signature-key-unknown')
      return true
    case '500':
      void problem(reply, 500, 'internal')
      return true
    case '429':
      void problem(reply.header('retry-after', '864000000'), 429, 'too-many')
      return true
    case 'redirect':
      void reply.code(307).header('location', '/elsewhere').send()
      return true
    case 'html':
      void reply.type('text/html').send('<!doctype html><title>Maintenance</title>')
      return true
    case '202-forever':
      void reply.code(202).send({})
      return true
    case 'reset':
      reply.hijack()
      reply.raw.destroy()
      return true
    default:
      return false
  }
}

/** Reads half of the body at most, and ends the connection. */
export function readHalf(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  const half = Number(request.headers['content-length'] ?? 0) / 2
  let read = 0
  request.raw.on('data', (piece: Buffer) => {
    read += piece.length
    if (read >= half) request.raw.destroy()
  })
}

/** Answers in a bad way after the delivery took effect; false when the mode is of another kind. `other` is a receipt of another delivery. */
export function answerBadly(reply: FastifyReply, mode: Mode, receipt: ArrivalReceipt, other: ArrivalReceipt): boolean {
  switch (mode) {
    case 'wrong-digest':
      void reply.send({ ...receipt, digest: `sha-256=:${Buffer.alloc(32).toString('base64')}:` })
      return true
    case 'wrong-counts':
      void reply.send({ ...receipt, records: receipt.records + 1 })
      return true
    case 'wrong-signature':
      void reply.send({ ...receipt, ...(receipt.jws && { jws: forged(receipt.jws) }) })
      return true
    case 'unsigned': {
      const { jws: _, ...bare } = receipt
      void reply.send(bare)
      return true
    }
    case 'other-receipt':
      void reply.send(other)
      return true
    case 'drop-after-commit':
      reply.hijack()
      reply.raw.destroy()
      return true
    case 'die-after-commit':
      process.kill(process.pid, 'SIGKILL')
      return true
    case 'wrong-id':
      void reply.send({ ...receipt, delivery: `dlv_${'0'.repeat(26)}` })
      return true
    case 'truncate':
      begin(reply, { 'content-length': '10000' })
      reply.raw.write(JSON.stringify(receipt), () => reply.raw.destroy())
      return true
    case 'slow':
      later(reply, SLOW_MS, () => reply.raw.end(JSON.stringify(receipt)))
      return true
    case 'drip':
      begin(reply, {})
      every(reply, DRIP_MS, () => reply.raw.write(' '))
      return true
    case 'huge':
      begin(reply, {})
      every(reply, 1, () => reply.raw.write(BLOCK))
      return true
    default:
      return false
  }
}

/** The same statement under the same key id, with a signature that another key made. */
function forged(jws: string): string {
  const said = jws.slice(0, jws.lastIndexOf('.'))
  return `${said}.${sign(null, Buffer.from(said), generateKeyPairSync('ed25519').privateKey).toString('base64url')}`
}

function begin(reply: FastifyReply, headers: Record<string, string>): void {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'application/json', ...headers })
}

function later(reply: FastifyReply, milliseconds: number, act: () => void): void {
  reply.hijack()
  const timer = setTimeout(act, milliseconds)
  reply.raw.on('close', () => clearTimeout(timer))
}

function every(reply: FastifyReply, milliseconds: number, act: () => void): void {
  const timer = setInterval(act, milliseconds)
  reply.raw.on('close', () => clearInterval(timer))
}
