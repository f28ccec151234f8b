import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../../clients/typescript/generate/api.ts'
import { typeOf } from '../../clients/typescript/generate/schema.ts'
import { openTitian, type Titian } from '../../clients/typescript/src/client.ts'
import { type System, startSystem } from '../support/system.ts'

const ROOT = join(import.meta.dirname, '..', '..')

describe('the generator of the TypeScript client', () => {
  it('makes the very types that are in the repository', async () => {
    const contract = JSON.parse(await readFile(join(ROOT, 'openapi', 'gateway.json'), 'utf8'))
    expect(await readFile(join(ROOT, 'clients', 'typescript', 'src', 'api.ts'), 'utf8')).toBe(apiOf(contract))
  })

  it.each([
    [{ type: 'integer' }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ enum: ['a', 1, null] }, '"a" | 1 | null'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } }, '(string | number)[]'],
    [{ $ref: '#/components/schemas/record-carik' }, 'Schemas["record-carik"]'],
    [
      { type: 'object', properties: { a: { type: 'string' }, 'b-c': {} }, required: ['a'] },
      '{ a: string; "b-c"?: unknown }',
    ],
    [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'Record<string, boolean>'],
    [{ type: 'object', additionalProperties: false }, 'Record<string, never>'],
    [{}, 'unknown'],
  ] as const)('writes %j as %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type)
  })

  it('refuses a reference out of the contract', () => {
    expect(() => typeOf({ $ref: 'https://lain.example/x.json' })).toThrow('is no schema of the contract')
  })
})

describe('the TypeScript client', () => {
  let system: System
  let titian: Titian
  beforeAll(async () => {
    system = await startSystem()
    await Promise.all([system.start('serve'), system.start('receiver'), system.start('work')])
    titian = openTitian({ url: system.url, client: 'jembrana', secret: system.secret('jembrana'), language: 'en' })
  }, 300_000)
  afterAll(() => system[Symbol.asyncDispose]())

  it('pushes a batch, waits for it, and reads what became of it', async () => {
    const body = (await sample(20)).replace(/"5101\d{6}"/, '"3510010001"')
    const push = { dataset: 'jembrana', key: 'klien', body, type: 'text/csv' }
    const pushed = await titian.push(push)
    const { id, counts } = await titian.settled(pushed.id)
    expect(counts).toMatchObject({ received: 20, rejected: 1, pending: 0 })
    expect((await titian.push(push)).id).toBe(id)
    const report = await titian.call('readBatchReport', { path: { id } })
    expect([report.batch.id, report.causes[0]?.fields[0]?.field]).toEqual([id, '/KODE_DESA'])
    const rows = await titian.ask('giveBackRows', { path: { id, which: 'rejected' }, accept: 'text/csv' })
    expect((await rows.text()).trimEnd().split('\r\n')).toHaveLength(2)
    const page = await titian.call('listFindings', { path: { id }, query: { limit: '5' } })
    expect(page).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ line: 2 })]) })
  }, 300_000)

  it('pushes a body as a stream', async () => {
    const body = new Blob([await sample(5)]).stream()
    const { id } = await titian.push({ dataset: 'jembrana', key: 'aliran', body, type: 'text/csv' })
    expect(await titian.settled(id)).toMatchObject({ counts: { received: 5 } })
  }, 300_000)

  it('throws the problem that the gateway answers, in the language that was asked for', async () => {
    await expect(titian.call('readBatch', { path: { id: 'bat_01kaj3q8z4t0c6v9w2x5y7b1nd' } })).rejects.toMatchObject({
      name: 'TitianProblem',
      status: 404,
      code: 'not-found',
      problem: { title: 'Not found' },
    })
    const stranger = openTitian({ url: system.url, client: 'jembrana', secret: 'titian_wrong' })
    await expect(stranger.call('listBatches', {})).rejects.toMatchObject({ status: 401 })
  })
})

/** The title and so many rows of a region's sample. */
async function sample(rows: number): Promise<string> {
  const text = await readFile(join(ROOT, 'tests', 'samples', 'jembrana', 'jembrana.csv'), 'utf8')
  return `${text
    .split('\n')
    .slice(0, rows + 1)
    .join('\n')}\n`
}
