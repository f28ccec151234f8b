import { hash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Change, changesOf } from '../domain/change.ts'
import type { DeliveryLine } from '../domain/golden.ts'
import type { BatchId, DeliveryId } from '../domain/ids.ts'
import { digestText, type Manifest } from './manifest.ts'
import { type Touched, touchedBy } from './touched.ts'

export type DeliveryHead = {
  id: DeliveryId
  batch: BatchId
  platform: string
  dataset: string
  agreement: string
  schemaVersion: string
  composedAt: Date
}

/** A delivery as it will be stored and sent: bytes that never change, the SHA-256 of them, what they hold, and what they change. */
export type Composed = { bytes: Buffer; digest: Buffer; manifest: Manifest; changes: Change[]; touched: Touched }

/**
 * Packs lines, in the order given, into the bytes of one delivery. The same input makes the same bytes. `beside` is what else is
 * told of their subjects in the feed of changes.
 */
export function composeDelivery(
  lines: readonly DeliveryLine[],
  head: DeliveryHead,
  beside: readonly Change[] = [],
): Composed {
  const records = { keluarga: 0, individu: 0 }
  const entries = new Set<string>()
  const text: string[] = []
  for (const line of lines) {
    records[line.level] += 1
    for (const [batch, number] of line.entries) entries.add(`${batch}:${number}`)
    text.push(JSON.stringify(line), '\n')
  }
  const bytes = zstdCompressSync(text.join(''))
  const digest = hash('sha256', bytes, 'buffer')
  const manifest: Manifest = {
    delivery: head.id,
    batch: head.batch,
    platform: head.platform,
    dataset: head.dataset,
    agreement: head.agreement,
    schema: head.schemaVersion,
    records,
    entries: entries.size,
    media_type: 'application/x-ndjson',
    content_encoding: 'zstd',
    bytes: bytes.length,
    digest: digestText(digest),
    composed_at: head.composedAt.toISOString(),
  }
  return { bytes, digest, manifest, changes: changesOf(lines, beside), touched: touchedBy(lines) }
}

/** The lines of a delivery that `composeDelivery` packed. */
export function* linesOf(bytes: Uint8Array): Generator<DeliveryLine> {
  for (const line of zstdDecompressSync(bytes).toString().split('\n')) if (line !== '') yield JSON.parse(line)
}
