import { chooseDataset } from '../../catalogue/choose.ts'
import type { CompiledDataset, Registry } from '../../catalogue/registry.ts'
import type { Lookup } from '../../domain/dataset.ts'
import { TitianError } from '../../domain/error.ts'
import { fileEntries } from './file-entries.ts'
import { RowIndex } from './row-index.sql.ts'

/**
 * Reads the files that a dataset looks values up in: `keluarga.csv`, or `LOOKUP=FILE` where it has several lookups. Throws
 * `bad-request` where a file is of no lookup.
 */
export async function readOtherFiles(
  dataset: CompiledDataset,
  files: readonly string[],
  registry: Registry,
): Promise<RowIndex> {
  const index = new RowIndex()
  for (const given of files) {
    const { lookup, file } = lookupOf(given, dataset)
    const other = chooseDataset(registry, lookup.dataset)
    if (other === undefined) throw new TitianError('dataset-unknown', `There is no dataset ${lookup.dataset}`)
    index.open(lookup.name)
    for await (const entry of fileEntries(file, other.format)) {
      const row = other.recordOf(entry)
      if (row !== undefined) index.add(lookup.name, lookup.otherKey(row), row)
    }
  }
  return index
}

function lookupOf(given: string, { name, lookups }: CompiledDataset): { lookup: Lookup; file: string } {
  const named = lookups.find((lookup) => given.startsWith(`${lookup.name}=`))
  if (named !== undefined) return { lookup: named, file: given.slice(named.name.length + 1) }
  const [only, ...more] = lookups
  if (only !== undefined && more.length === 0) return { lookup: only, file: given }
  const how =
    only === undefined
      ? `${name} looks nothing up in other files: give one file at a time.`
      : `Say which one it is: ${lookups.map((lookup) => `${lookup.name}=FILE`).join(' or ')}.`
  throw new TitianError('bad-request', `${given}: ${how}`)
}
