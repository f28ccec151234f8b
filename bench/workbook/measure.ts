import { join } from 'node:path'
import { filePayload } from '../../src/cli/client/payload.ts'
import { peaks } from '../memory.ts'
import type { Bench } from '../system.ts'
import { writeWorkbook } from './write.ts'

/** Uploads a workbook of so many rows, up to its 202: the gateway's memory must not follow its size. */
export async function measureWorkbook(bench: Bench, rows: number) {
  const file = join(bench.data, 'p3ke-individu.xlsx')
  const { cells } = await writeWorkbook(file, rows)
  const payload = await filePayload(file)
  const gateway = await bench.as('carik-jakarta')
  const before = peaks(bench.installation).gateway
  const started = performance.now()
  const { batch } = await gateway.push('p3ke-individu', 'workbook', payload)
  return {
    rows: batch.counts.received,
    cells,
    workbook_mb: Math.round(payload.bytes / 1024 ** 2),
    seconds: Math.round((performance.now() - started) / 1000),
    gateway_before_mb: before,
    gateway_peak_mb: peaks(bench.installation).gateway,
  }
}
