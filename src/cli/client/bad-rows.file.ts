import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import type { Gateway } from './push.client.ts'

const OUTCOMES = ['rejected', 'held'] as const

/**
 * Writes the rows of a settled batch that were rejected or held beside its file, in the layout of the sender and with the reason, each
 * kind into a file of its own; gives their paths. A file is there whole or not at all.
 */
export async function writeBadRows(gateway: Gateway, file: string, { id, counts }: BatchView): Promise<string[]> {
  const written: string[] = []
  for (const outcome of OUTCOMES) {
    if (counts[outcome] === 0) continue
    const path = `${file}.${outcome}.csv`
    const unfinished = `${path}.part`
    try {
      const { body } = await gateway.stream(`/v1/batches/${id}/rows?outcome=${outcome}&format=csv`)
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
