import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { givenBackOf } from '../../reports/batch/given-back.ts'
import type { Gateway } from './push.client.ts'

/**
 * Writes the rows of a settled batch that wait to be mended beside its file, with the reason. Each kind gets a file of its own, which
 * is there whole or not at all. Gives their paths.
 */
export async function writeBadRows(gateway: Gateway, file: string, batch: BatchView): Promise<string[]> {
  const written: string[] = []
  for (const which of givenBackOf(batch)) {
    const { headers, body } = await gateway.stream(`/v1/batches/${batch.id}/rows/${which}`)
    const ending = String(headers['content-type']).startsWith('text/csv') ? 'csv' : 'ndjson'
    const path = `${file}.${which}.${ending}`
    const unfinished = `${path}.part`
    try {
      await pipeline(body, createWriteStream(unfinished, { mode: 0o600 }))
      await rename(unfinished, path)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
    written.push(path)
  }
  return written
}
