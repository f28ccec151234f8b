import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { problems } from '../../io/http/openapi.ts'
import type { Scope } from '../access/scopes.ts'
import { consistencyProof } from '../tree/consistency.ts'
import { openCosignature, type Witness } from '../tree/cosignature.ts'
import { checkpointOf, insertCosignature, lastCheckpoint, readCosignatures } from './checkpoint.sql.ts'
import { rangeRoots, readLeaves } from './leaves.db.ts'

export type CheckpointRouteOptions = { db: Pool; witnesses: readonly Witness[] }

const MOST_LEAVES = 10_000
const MOST_LINE = 1024
// A checkpoint tells how much happened, and nothing of what: whoever exchanges data may witness it.
const SCOPE: Scope[] = ['batches:read', 'results:read', 'results:write', 'deliveries:read', 'ops', 'steward']

/** The audit log as witnesses see it: its newest checkpoint, how it follows from an older one, its leaves, and their word on it. */
export async function checkpointRoutes(app: FastifyInstance, { db, witnesses }: CheckpointRouteOptions): Promise<void> {
  app.addContentTypeParser('text/plain', { parseAs: 'string', bodyLimit: MOST_LINE }, (_request, body, done) => {
    done(null, body)
  })
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: SCOPE }

  typed.get('/v1/audit/checkpoint', { config, schema: READ }, async (_request, reply) => {
    const { size, note } = await newest()
    return reply.type(TEXT).send(`${note}${(await readCosignatures(db, size)).map((line) => `${line}\n`).join('')}`)
  })

  typed.get('/v1/audit/consistency', { config, schema: FOLLOWS }, async ({ query }, reply) => {
    const old = Number(query.old)
    const { size, note } = await newest()
    if (old > size) throw badRequest('/querystring/old', 'beyond-checkpoint')
    const proof = consistencyProof(old, size, await rangeRoots(db, old, size))
    const lines = proof.map((hash) => `${hash.toString('base64')}\n`).join('')
    return reply.type(TEXT).send(`old ${old}\n${lines}\n${note}`)
  })

  typed.get('/v1/audit/leaves', { config, schema: LEAVES }, async ({ query }, reply) => {
    const after = Number(query.after)
    const { size } = await newest()
    const leaves = after >= size ? [] : await readLeaves(db, after, Math.min(size, after + MOST_LEAVES))
    return reply.type(TEXT).send(leaves.map((leaf) => `${leaf.toString('base64')}\n`).join(''))
  })

  typed.post('/v1/audit/checkpoints/:size/cosignatures', { config, schema: COSIGN }, async (request, reply) => {
    const size = Number(request.params.size)
    const checkpoint = await checkpointOf(db, size)
    if (checkpoint === undefined) throw new TitianError('not-found')
    const text = checkpoint.note.slice(0, checkpoint.note.indexOf('\n\n') + 1)
    const said = openCosignature(text, request.body.trim(), witnesses)
    if (said === undefined) throw badRequest('/body', 'cosignature-invalid')
    await insertCosignature(db, size, said.witness, said.line)
    return reply.code(204).send(null)
  })

  async function newest() {
    const checkpoint = await lastCheckpoint(db)
    if (checkpoint === undefined) throw new TitianError('not-found', 'there is no checkpoint yet')
    return checkpoint
  }
}

function badRequest(pointer: string, code: string): TitianError {
  return new TitianError('bad-request', undefined, { places: [{ pointer, code }] })
}

const TEXT = 'text/plain; charset=utf-8'
const closed = { additionalProperties: false }
const tags = ['trust']
const Size = (description: string) => Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$', description })
const answer = (description: string) => ({ description, content: { 'text/plain': { schema: Type.String() } } })

const READ = {
  operationId: 'readCheckpoint',
  tags,
  summary: 'The newest signed checkpoint of the audit log',
  description:
    'A C2SP signed note: how many rows the log has, and the root of the RFC 6962 tree over them, signed by a key of ' +
    '`/.well-known/jwks.json`, with the cosignatures of witnesses. Keep it: `titian audit verify --witness` holds the log against it.',
  response: { 200: answer('A C2SP tlog-checkpoint'), ...problems('not-found') },
}

const FOLLOWS = {
  operationId: 'readConsistency',
  tags,
  summary: 'The proof that the audit log only grew since an older checkpoint',
  description:
    'In the form of a request to a witness (C2SP tlog-witness, add-checkpoint): the proof, then the newest note.',
  querystring: Type.Object({ old: Size('rows of the older checkpoint; 0 when there is none') }, closed),
  response: { 200: answer('A C2SP tlog-witness request'), ...problems('bad-request', 'not-found') },
}

const LEAVES = {
  operationId: 'readLeaves',
  tags,
  summary: 'Hashes of the leaves of the audit log',
  description: `In base64, one a line, ${MOST_LEAVES} at most: who keeps them can name the very row that was tampered with.`,
  querystring: Type.Object({ after: Size('how many leaves are known already') }, closed),
  response: { 200: answer('Hashes of leaves'), ...problems('bad-request', 'not-found') },
}

const COSIGN = {
  operationId: 'cosignCheckpoint',
  tags,
  summary: 'Hand in a cosignature of a checkpoint',
  description:
    'One line of a signed note: `cosignature/v1` of C2SP tlog-cosignature, as a witness answers it, by a key that the operators have ' +
    'named in `WITNESS_KEYS_FILE`. Repeating it changes nothing.',
  params: Type.Object({ size: Size('rows of the checkpoint') }, closed),
  body: Type.String({ minLength: 1, maxLength: MOST_LINE }),
  consumes: ['text/plain'],
  response: { 204: Type.Null({ description: 'Kept' }), ...problems('bad-request', 'not-found', 'type-unsupported') },
}
