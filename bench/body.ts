import { join } from 'node:path'
import { filePayload } from '../src/cli/client/payload.ts'
import { peaks } from './memory.ts'
import { type Bench, writeFamilies } from './system.ts'

/** Uploads one body of so many megabytes, up to its 202: the gateway's memory must not follow its size. */
export async function measureBody(bench: Bench, megabytes: number) {
  const file = await writeFamilies(join(bench.data, 'body.ndjson'), { bytes: megabytes * 1024 ** 2 })
  const payload = await filePayload(file)
  const gateway = await bench.as('carik-jakarta')
  const started = performance.now()
  await gateway.push('carik', 'body', payload)
  return {
    body_mb: Math.round(payload.bytes / 1024 ** 2),
    seconds: Math.round((performance.now() - started) / 1000),
    gateway_peak_mb: peaks(bench.installation).gateway,
  }
}
