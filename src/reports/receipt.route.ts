import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { readingsOfKey } from '../clean/mapping/written-key.ts'
import type { Dataset } from '../domain/dataset.ts'
import { TitianError } from '../domain/error.ts'
import { entryKey } from '../domain/keys.ts'
import { BatchPath } from '../engine/batch-shapes.ts'
import { type BatchView, viewBatch } from '../engine/batch-view.sql.ts'
import { proofOfBatch, proofOfLine } from '../engine/receipt/proof.db.ts'
import { isWithoutReceipt, lineOfKey, readReceipt, type SignedReceipt } from '../engine/receipt/receipt.sql.ts'
import { chooseType } from '../io/http/accept.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { platformOf } from '../trust/access/caller.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { BatchReceipt } from './shapes.ts'

export type ReceiptRouteOptions = {
  db: Pool
  vault: Pick<Vault, 'index' | 'indexForms'>
  registry: { versions: ReadonlyMap<string, Pick<Dataset, 'format'>> }
}

const FORMS = ['text/plain', 'application/json'] as const
/** Not ops: by the salts one could try out what an entry holds. */
const SCOPE = ['batches:read' as const, 'steward' as const]

/** Receipts of settled batches: of the whole batch, of the entry of a line, and of the entry under a key. */
export async function receiptRoutes(app: FastifyInstance, { db, vault, registry }: ReceiptRouteOptions): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()

  typed.get('/v1/batches/:id/receipt', { config: { scope: SCOPE }, schema: READ }, async (request, reply) => {
    const { batch, receipt, format } = await known(request, request.params.id)
    const { line } = request.query
    if (line !== undefined) return answerLine(request, reply, { batch, receipt, format }, Number(line))
    if (chooseType(request, reply, FORMS) === 'application/json') return viewOf(batch, receipt)
    return asFile(reply, batch.id, await proofOfBatch(db, vault, { batch: batch.id, format, receipt }))
  })

  typed.post('/v1/batches/:id/receipt', { config: { scope: SCOPE }, schema: FIND }, async (request, reply) => {
    const found = await known(request, request.params.id)
    const { platform, dataset } = found.batch
    for (const key of readingsOfKey(request.body.key)) {
      const line = await lineOfKey(db, found.batch.id, vault.indexForms('key', entryKey(platform, dataset, key)))
      if (line !== undefined) return answerLine(request, reply, found, line)
    }
    throw new TitianError('not-found', 'no entry of the batch has this key')
  })

  type Known = { batch: BatchView; receipt: SignedReceipt; format: Dataset['format'] | undefined }

  async function known({ caller }: FastifyRequest, id: string): Promise<Known> {
    const batch = await viewBatch(db, id, platformOf(caller))
    if (batch === undefined) throw new TitianError('not-found')
    const receipt = await readReceipt(db, id)
    const format = registry.versions.get(`${batch.dataset}@${batch.dataset_version}`)?.format
    if (receipt !== undefined) return { batch, receipt, format }
    if (await isWithoutReceipt(db, id)) throw new TitianError('not-found', 'this batch has no receipt')
    throw new TitianError('receipt-pending', `batch ${id} has no receipt yet`)
  }

  async function answerLine(
    request: FastifyRequest,
    reply: FastifyReply,
    { batch, receipt, format }: Known,
    line: number,
  ) {
    const type = chooseType(request, reply, FORMS)
    const proof = await proofOfLine(db, vault, { batch: batch.id, format, receipt }, line)
    if (proof === undefined) throw new TitianError('not-found', 'the batch has no entry of this line')
    return type === 'application/json'
      ? { ...viewOf(batch, receipt), proof }
      : asFile(reply, `${batch.id}-${line}`, proof)
  }
}

function viewOf({ id }: BatchView, { edition, size, root, signedAt, checkpoint }: SignedReceipt) {
  return { batch: id, edition, size, root: root.toString('base64'), signed_at: signedAt.toISOString(), checkpoint }
}

function asFile(reply: FastifyReply, name: string, proof: string): FastifyReply {
  void reply.header('content-disposition', `attachment; filename="${name}.tlog-proof"`)
  return reply.type('text/plain; charset=utf-8').send(proof)
}

const ANSWER = {
  200: {
    description: 'A proof (C2SP tlog-proof), or what it proves as JSON',
    content: {
      'text/plain': { schema: Type.Unsafe<string>(Type.String()) },
      'application/json': { schema: ref(BatchReceipt) },
    },
  },
  ...problems('bad-request', 'not-acceptable', 'not-found', 'receipt-pending'),
}
const closed = { additionalProperties: false }

const READ = {
  operationId: 'readReceipt',
  tags: ['batches'],
  summary: 'The receipt of a settled batch, or of one entry of it',
  description:
    'A Merkle tree (RFC 6962) over the entries with their outcomes, signed once. Held against the file that was pushed it proves, ' +
    'without the gateway, what came and what became of it. With `line` it proves one entry alone.',
  params: BatchPath,
  querystring: Type.Object(
    {
      line: Type.Optional(
        Type.String({ pattern: '^[1-9][0-9]{0,8}$', description: 'physical line of the entry, as findings name it' }),
      ),
    },
    closed,
  ),
  response: ANSWER,
}

const FIND = {
  operationId: 'findReceipt',
  tags: ['batches'],
  summary: 'The receipt of the entry under a key',
  description:
    'The key travels in the body, since it may be a personal number. Of several entries the one that was taken.',
  params: BatchPath,
  body: Type.Object(
    { key: Type.String({ minLength: 1, maxLength: 512, description: "the platform's own key of the record" }) },
    closed,
  ),
  response: ANSWER,
}
