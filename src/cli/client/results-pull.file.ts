import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import type { Gateway } from './push.client.ts'

export type PullOrder = { out: string; as: 'csv' | 'ndjson'; dataset?: string; platform: string }
export type WrittenFile = { file: string; results: number }

type Listed = { datasets: { name: string; format: { kind: 'csv' | 'ndjson' } }[] }

const PAGE = 2000
const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const

/**
 * Writes what came home since the last pull into this folder, a file for each dataset as CSV, or one as NDJSON; then notes the
 * place that was reached. A pull that breaks off notes nothing: the next one writes the same files again. Throws `config-invalid`
 * where the folder is of another platform.
 */
export async function pullResults(gateway: Gateway, order: PullOrder): Promise<WrittenFile[]> {
  await mkdir(order.out, { recursive: true, mode: 0o700 })
  const written: WrittenFile[] = []
  for (const dataset of await datasetsOf(gateway, order)) {
    const file = await pullOne(gateway, order, dataset)
    if (file !== undefined) written.push(file)
  }
  return written
}

/** The datasets to pull one by one; as NDJSON all go into one file. */
async function datasetsOf(gateway: Gateway, { as, dataset }: PullOrder): Promise<(string | undefined)[]> {
  if (as === 'ndjson' || dataset !== undefined) return [dataset]
  const { datasets } = await gateway.get<Listed>('/v1/datasets')
  return datasets.filter(({ format }) => format.kind === 'csv').map(({ name }) => name)
}

async function pullOne(
  gateway: Gateway,
  { out, as, platform }: PullOrder,
  dataset: string | undefined,
): Promise<WrittenFile | undefined> {
  const name = dataset ?? 'results'
  const place = join(out, `.${name}.${as}.json`)
  let after = await readPlace(place, platform)
  const part = join(out, `.${name}.${as}.part`)
  await using handle = await open(part, 'w', 0o600)
  let results = 0
  for (;;) {
    const query = new URLSearchParams({ after, limit: String(PAGE), ...(dataset && { dataset }) })
    const { text, next } = await gateway.page(`/v1/results?${query}`, TYPES[as])
    const rows = as === 'csv' ? rowsOf(text) - 1 : text.split('\n').length - 1
    // The header of a CSV stands once, on top.
    const isHeaded = as === 'csv' && results > 0
    if (rows > 0) await handle.write(isHeaded ? text.slice(text.indexOf('\n') + 1) : text)
    results += rows
    const reached = next === undefined ? null : new URL(next, 'http://gateway').searchParams.get('after')
    if (reached === null || reached === after) break
    after = reached
  }
  if (results === 0) {
    await rm(part)
    await notePlace(place, platform, after)
    return undefined
  }
  await handle.sync()
  const file = join(out, `${name}-${after.split('-').at(-1)}.${as}`)
  await rename(part, file)
  await notePlace(place, platform, after)
  return { file, results }
}

/** Lines of a CSV that end outside of quotes: a cell may hold line breaks. */
function rowsOf(text: string): number {
  return text.split('"').reduce((sum, part, at) => sum + (at % 2 === 0 ? part.split('\n').length - 1 : 0), 0)
}

async function readPlace(path: string, platform: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return '0'
  const noted = JSON.parse(text) as { platform: string; after: string }
  if (noted.platform === platform) return noted.after
  throw new TitianError('config-invalid', `${path} is of ${noted.platform}: name another folder`)
}

async function notePlace(path: string, platform: string, after: string): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify({ platform, after })}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}
