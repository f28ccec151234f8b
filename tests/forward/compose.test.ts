import { hash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { BatchId } from '../../src/domain/ids.ts'
import { composeDelivery, linesOf } from '../../src/forward/compose.ts'
import { refusedFindings } from '../../src/forward/findings.ts'
import { manifestHeader } from '../../src/forward/manifest.ts'
import { goldenLines } from './gateway.ts'

const BATCH: BatchId = 'bat_0000000000000000000000000a'
const OTHER: BatchId = 'bat_0000000000000000000000000b'
const HEAD = {
  id: 'dlv_00000000000000000000000000',
  batch: BATCH,
  platform: 'carik-jakarta',
  dataset: 'carik',
  agreement: 'PKS-1',
  schemaVersion: 'v3',
  composedAt: new Date('2026-07-01T00:00:00Z'),
} as const

describe('composing a delivery', () => {
  const lines = goldenLines(BATCH, 20)

  it('makes the same bytes of the same input, and gives the lines back', () => {
    const [one, two] = [composeDelivery(lines, HEAD), composeDelivery(structuredClone(lines), HEAD)]
    expect(one.bytes.equals(two.bytes)).toBe(true)
    expect([...linesOf(one.bytes)]).toEqual(lines)
  })

  it('says in the manifest what the bytes hold', () => {
    const { bytes, digest, manifest } = composeDelivery(lines, HEAD)
    expect(digest.equals(hash('sha256', bytes, 'buffer'))).toBe(true)
    expect(manifest).toMatchObject({
      delivery: HEAD.id,
      records: { keluarga: 20, individu: 40 },
      entries: 20,
      bytes: bytes.length,
      digest: `sha-256=:${digest.toString('base64')}:`,
      composed_at: '2026-07-01T00:00:00.000Z',
    })
    expect(zstdDecompressSync(bytes).toString().split('\n')).toHaveLength(61)
  })

  it('counts an entry once, however many subjects it made', () => {
    const shared = lines.slice(0, 3).map((line) => ({
      ...line,
      entries: [
        [BATCH, 2],
        [BATCH, 3],
      ] as [BatchId, number][],
    }))
    expect(composeDelivery(shared, HEAD).manifest.entries).toBe(2)
  })

  it('shows the manifest in a header of plain ASCII', () => {
    const { manifest } = composeDelivery(lines, { ...HEAD, agreement: 'PKS “nomor” 1' })
    const header = manifestHeader(manifest)
    expect(header).toMatch(/^:[A-Za-z0-9+/]+={0,2}:$/)
    expect(JSON.parse(Buffer.from(header.slice(1, -1), 'base64').toString())).toEqual(manifest)
  })
})

describe('findings of what was refused', () => {
  const lines = goldenLines(BATCH, 3)
  const subjects = lines.map(({ subject }) => subject)
  const refuse = (which: readonly number[], code: string) =>
    which.map((i) => ({ subject: subjects[i] ?? 'fam_', code }))

  it('names each entry once for each reason, in order', () => {
    const refused = [...refuse([8, 0, 1], 'region-unknown'), ...refuse([2], 'record-invalid')]
    expect(refusedFindings(lines, refused, BATCH).map(({ line, code, path }) => [line, code, path])).toEqual([
      [2, 'receiver-record-invalid', ''],
      [2, 'receiver-region-unknown', ''],
      [4, 'receiver-region-unknown', ''],
    ])
  })

  it('gives a reason that is not known the general text', () => {
    expect(refusedFindings(lines, refuse([0], 'constructor'), BATCH)).toMatchObject([{ code: 'receiver-refused' }])
  })

  it('says nothing of entries of other batches', () => {
    const foreign = lines.map((line) => ({ ...line, entries: [[OTHER, 2]] as [BatchId, number][] }))
    expect(refusedFindings(foreign, refuse([0, 1], 'record-invalid'), BATCH)).toEqual([])
  })
})
