import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { composeDelivery } from '../../src/forward/compose.ts'
import { Manifest } from '../../src/forward/manifest.ts'
import { openReceiver } from '../../src/forward/receiver.client.ts'
import type { Mode } from '../../src/receiver/misbehave.ts'
import { goldenLines, linkChunk, pushing, signer } from '../forward/gateway.ts'
import { freshDatabase } from '../support/database.ts'
import { freshReceiver } from './stand-in.ts'

const PATH = `${import.meta.dirname}/../../openapi/receiver.yaml`
const document = parse(await readFile(PATH, 'utf8'))
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema(document, 'receiver')

/** Errors of a value under a schema of the document, as places. */
function faults(schema: string, value: unknown): string[] {
  const validate = ajv.getSchema(`receiver#/components/schemas/${schema}`)
  if (validate === undefined) throw new Error(`no schema ${schema}`)
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

describe('openapi/receiver.yaml', () => {
  it('passes a linter that others maintain', async () => {
    const run = promisify(execFile)
    const { stdout, stderr } = await run('npx', ['redocly', 'lint', PATH, '--format', 'json'])
    const { totals } = JSON.parse(stdout.slice(stdout.indexOf('{')) || stderr)
    expect(totals).toMatchObject({ errors: 0, warnings: 0 })
  })

  it('describes what the gateway sends and what the stand-in answers', async () => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver()
    await using worker = pushing(db.pool, receiver.url)
    const { chunk, composed, lines } = await linkChunk(db.pool)
    await receiver.misbehave('refuse')
    expect(await worker.work(chunk)).toBe('settled')
    const { rows } = await db.pool.query('select receipt from delivery')
    expect(faults('Manifest', composed.manifest)).toEqual([])
    expect(lines.flatMap((line) => faults('Line', line))).toEqual([])
    expect(faults('Receipt', rows[0]?.receipt)).toEqual([])
    expect(faults('Counts', await receiver.counts())).toEqual([])
    const journal = await receiver.journal()
    expect(journal).toHaveLength(3)
    expect(journal.flatMap((line) => faults('Effect', line))).toEqual([])
    const asking = openReceiver({ url: receiver.url, signer, deadlineMs: 5000, connections: 1 })
    expect(await asking.end(AbortSignal.timeout(5000))).toEqual({
      is: 'delivery',
      delivery: composed.manifest.delivery,
    })
    await asking.close()
    const problem = await fetch(`${receiver.url}/v1/counts`)
    expect(faults('Problem', await problem.json())).toEqual([])
  })

  it('describes the lines of every kind, and no others', () => {
    const entries = [['bat_1', 2]]
    const [family, person] = [`fam_${'0'.repeat(26)}`, `per_${'0'.repeat(26)}`]
    const head = { subject: family, level: 'keluarga', version: 2, entries }
    const kinds = [
      { ...head, kind: 'stub', record: { nomor_kartu_keluarga: '1' }, merged: [family] },
      { ...head, kind: 'merged', into: family },
      { ...head, kind: 'withdrawn', reason: 'moved' },
    ]
    const flags = { umur: { inferred: true, findings: ['UMUR-01'] } }
    const region = { bps: '3171010001', kemendagri: null, from: 'family' }
    const golden = { ...head, subject: person, level: 'individu', family, record: {}, origin: [], region, flags }
    const standing = { registers: ['carik', 'own'], confidence: null, review: false }
    expect([...kinds, { ...golden, ...standing }].flatMap((line) => faults('Line', line))).toEqual([])
    const wrong = [
      { ...golden, kind: 'forgotten' },
      { ...golden, region: { bps: '3171010001' } },
      { ...golden, confidence: 2 },
      { ...head, kind: 'merged' },
    ]
    expect(wrong.filter((line) => faults('Line', line).length === 0)).toEqual([])
  })

  it('knows the same members of a manifest as the gateway', () => {
    const { required, properties } = document.components.schemas.Manifest
    expect(Object.keys(properties)).toEqual(Object.keys(Manifest.properties))
    expect(required).toEqual(Manifest.required)
  })

  it('is a check that fails: a member too many, a digest too short', () => {
    const { manifest } = composeDelivery(goldenLines('bat_a', 1), {
      id: 'dlv_00000000000000000000000000',
      batch: 'bat_a',
      platform: 'sumedang',
      dataset: 'sumedang',
      agreement: 'PKS-1',
      schemaVersion: '1',
      composedAt: new Date(0),
    })
    expect(faults('Manifest', { ...manifest, extra: 1 })).toEqual([' additionalProperties'])
    expect(faults('Manifest', { ...manifest, digest: 'sha-256=:AAAA=:' })).toEqual(['/digest pattern'])
  })
})

it('fails on command only in ways that it names', async () => {
  await using receiver = await freshReceiver()
  await expect(receiver.misbehave('no such mode' as Mode)).rejects.toThrow('400')
})
