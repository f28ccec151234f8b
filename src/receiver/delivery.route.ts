import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Signer } from '../trust/keys/signing-keys.ts'
import { createDigestCheck, parseContentDigest } from '../trust/signatures/digest.ts'
import { type ArrivalReceipt, openParcel } from './arrival.ts'
import { answerBadly, readHalf, refuseBadly } from './bad-answer.http.ts'
import { applyDelivery, countRepeat, findDelivery, findOther, newestDelivery, subjectsSince } from './delivery.sql.ts'
import type { Misbehaviour } from './misbehave.ts'
import { problem } from './problem.http.ts'
import { type SignedOptions, signedBy } from './signed.http.ts'
import { signedReceipt, type TakenDelivery } from './signed-receipt.ts'

export type DeliveryOptions = SignedOptions & {
  misbehaviour: Misbehaviour
  /** Signs receipts; undefined: they go out without a signature. */
  signer: Signer | undefined
  crash: (point: 'receiver:after-commit') => void
}

const MOST_BYTES = 64 * 1024 * 1024
const PATH = { type: 'object', properties: { id: { type: 'string', pattern: '^dlv_[0-9a-z]{26}$' } } }
const SINCE = {
  type: 'object',
  required: ['since'],
  properties: {
    since: { type: 'string', format: 'date-time' },
    after: { type: 'string', pattern: '^((per|fam)_[0-9a-z]{26})?$' },
  },
}
const SUBJECTS_AT_ONCE = 1000
const REFUSED_ON_COMMAND = 3

/** What BPS's side offers to the gateway, as openapi/receiver.yaml describes it. */
export function receiverRoutes(app: FastifyInstance, options: DeliveryOptions): void {
  const { db, misbehaviour, signer, crash } = options
  app.addContentTypeParser(
    'application/x-ndjson',
    { parseAs: 'buffer', bodyLimit: MOST_BYTES },
    (_request, body, done) => {
      done(null, body)
    },
  )

  app.put<{ Params: { id: string } }>(
    '/v1/deliveries/:id',
    { onRequest: [signedBy(options, 'content'), breakOff], schema: { params: PATH } },
    async (request, reply) => {
      const mode = misbehaviour.next()
      if (mode !== undefined && refuseBadly(reply, mode)) return reply
      const taken = await take(request, mode === 'refuse' ? REFUSED_ON_COMMAND : 0)
      if ('code' in taken) return problem(reply, taken.status, taken.code)
      if (mode !== undefined && answerBadly(reply, mode, taken.receipt, await other(taken.receipt))) return reply
      return reply.code(taken.status).send(taken.receipt)
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/deliveries/:id',
    { onRequest: signedBy(options, 'no-content'), schema: { params: PATH } },
    async ({ params }, reply) => {
      const known = await findDelivery(db, params.id)
      return known === undefined ? problem(reply, 404, 'delivery-unknown') : reply.send(await signed(known))
    },
  )

  async function breakOff(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    if (!misbehaviour.nextIf('half-read')) return undefined
    readHalf(request, reply)
    return reply
  }

  async function other({ delivery, ...receipt }: ArrivalReceipt): Promise<ArrivalReceipt> {
    return (await findOther(db, delivery)) ?? { ...receipt, delivery: `dlv_${'0'.repeat(26)}` }
  }

  app.get('/v1/end', { onRequest: signedBy(options, 'no-content') }, async (_request, reply) => {
    const delivery = await newestDelivery(db)
    return delivery === undefined ? problem(reply, 404, 'delivery-none') : reply.send({ delivery })
  })

  app.get<{ Querystring: { since: string; after?: string } }>(
    '/v1/subjects',
    { onRequest: signedBy(options, 'no-content'), schema: { querystring: SINCE } },
    async ({ query: { since, after = '' } }) => ({
      subjects: await subjectsSince(db, new Date(since), after, SUBJECTS_AT_ONCE),
    }),
  )

  async function take({ params, headers, body }: FastifyRequest<{ Params: { id: string } }>, refuse: number) {
    if (headers['content-encoding'] !== 'zstd' || !Buffer.isBuffer(body))
      return { status: 415, code: 'encoding-unsupported' }
    if (!isDigested(String(headers['content-digest']), body)) return { status: 400, code: 'digest-mismatch' }
    const digest = hash('sha256', body, 'buffer')
    const repeated = await repeat(params.id, digest)
    if (repeated !== undefined) return repeated
    const manifestHeader = String(headers['titian-manifest'])
    const arrival = await openParcel({ id: params.id, digest, manifestHeader, body, refuse })
    if (typeof arrival === 'string') return { status: 422, code: arrival }
    const isFirst = await applyDelivery(db, arrival)
    crash('receiver:after-commit')
    const known = isFirst ? await findDelivery(db, params.id) : undefined
    if (known !== undefined) return { status: 201, receipt: await signed(known) }
    // The same delivery came twice at the same time, and the other one was first.
    return (await repeat(params.id, digest)) ?? { status: 500, code: 'internal' }
  }

  /** A receipt as it goes out: what was taken before there was a key is signed too. */
  async function signed(taken: TakenDelivery): Promise<ArrivalReceipt> {
    return signer === undefined ? taken.receipt : signedReceipt(taken, signer)
  }

  /** The answer to a delivery that is here already: the receipt it had then, or a conflict with other content. */
  async function repeat(id: string, digest: Buffer) {
    const known = await findDelivery(db, id)
    if (known === undefined) return undefined
    if (!known.digest.equals(digest)) return { status: 409, code: 'digest-conflict' }
    await countRepeat(db, id)
    return { status: 200, receipt: await signed(known) }
  }
}

function isDigested(header: string, body: Buffer): boolean {
  const digests = parseContentDigest(header)
  if (digests === undefined) return false
  const check = createDigestCheck(digests)
  check.update(body)
  return check.matches()
}
