import { hash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Level } from '../../domain/entry.ts'
import type { Canonical } from '../../language/canonical.ts'
import { linesOf } from '../compose.ts'
import { tableOf } from './columns.ts'
import { csvOf } from './csv.ts'
import { parquetOf } from './parquet.ts'

/** The forms in which a stored delivery is read; the first one is what was composed. */
export const FORMS = ['application/x-ndjson', 'text/csv', 'application/vnd.apache.parquet'] as const
export type Form = (typeof FORMS)[number]

/** A delivery in one form: its bytes, their SHA-256, and whether they are packed. */
export type Formed = { bytes: Buffer; digest: Buffer; coding: 'zstd' | 'identity' }

/** Makes a form of the stored bytes of a delivery: CSV and Parquet hold one level. Parquet is packed inside and never outside. `pause` lets others have their turn. */
export async function formOf(
  stored: Buffer,
  wanted: { form: Form; level: Level; coding: Formed['coding']; canonical: Canonical },
  pause: () => Promise<void>,
): Promise<Formed> {
  const { form, level, coding, canonical } = wanted
  if (form === 'application/x-ndjson') return formed(coding === 'zstd' ? stored : zstdDecompressSync(stored), coding)
  const table = tableOf(linesOf(stored), level, canonical)
  await pause()
  if (form !== 'text/csv') return formed(await parquetOf(table, pause), 'identity')
  const text = csvOf(table)
  await pause()
  return formed(coding === 'zstd' ? zstdCompressSync(text) : text, coding)
}

function formed(bytes: Buffer, coding: Formed['coding']): Formed {
  return { bytes, digest: hash('sha256', bytes, 'buffer'), coding }
}
