import { join } from 'node:path'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import { linesPayload } from '../../src/cli/client/payload.ts'
import type { Payload } from '../../src/cli/client/push.client.ts'
import { writePopulation } from '../population/files.ts'

export const SMALL = { platform: 'jembrana', dataset: 'jembrana' }

const RECORDS = 100
// The region's share is 15 %, of which its own source knows three quarters.
const PERSONS_FOR_A_RECORD = 10
const REGISTRY = join(import.meta.dirname, '../../src/registry')

/** So many batches of 100 records each, every one of people whom nobody has pushed. */
export async function smallBatches(count: number): Promise<Payload[]> {
  const registry = compileRegistry(await readRegistry([REGISTRY]), (identity) => identity)
  const recipe = { seed: 41, persons: count * RECORDS * PERSONS_FOR_A_RECORD, dirt: 0, clash: 0 }
  const { files } = writePopulation(
    recipe,
    (name) => {
      const format = registry.datasets.get(name)?.format
      if (format === undefined) throw new Error(`the registry has no ${name}`)
      return format
    },
    { platform: SMALL.platform },
  )
  const file = files.find(({ platform, dataset }) => platform === SMALL.platform && dataset === SMALL.dataset)
  const [head = '', ...rows] = file?.text.trimEnd().split(/(?<=\n)/) ?? []
  if (rows.length < count * RECORDS) throw new Error(`the population has ${rows.length} records for ${count} batches`)
  return Array.from({ length: count }, (_, at) => {
    const text = head + rows.slice(at * RECORDS, (at + 1) * RECORDS).join('')
    return { ...linesPayload(Buffer.from(text)), type: 'text/csv' }
  })
}
