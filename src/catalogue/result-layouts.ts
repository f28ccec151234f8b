import { usesOf } from '../clean/mapping/columns.ts'
import { hashesKey, keyColumns } from '../clean/mapping/mapping.ts'
import type { DatasetBack } from '../results/returned/dataset-back.ts'
import type { CompiledDataset } from './registry.ts'

/** Makes the function that says how results go back into a dataset, by its newest version; undefined for one that is not known. */
export function resultLayouts({ datasets }: { datasets: ReadonlyMap<string, CompiledDataset> }) {
  const made = new Map<string, DatasetBack>()
  return (name: string): DatasetBack | undefined => {
    const dataset = datasets.get(name)
    if (dataset === undefined) return undefined
    const back = made.get(name) ?? backOf(dataset)
    made.set(name, back)
    return back
  }
}

function backOf({ mapping, format, turnBack }: CompiledDataset): DatasetBack {
  const columns = new Map<string, string[]>()
  for (const [column, uses] of usesOf(mapping)) {
    for (const use of uses) if (use.is === 'field') columns.set(use.key, [...(columns.get(use.key) ?? []), column])
  }
  const keys = new Set(mapping.records.flatMap((block) => (hashesKey(block) ? [] : [keyColumns(block).join('\0')])))
  const [key] = keys
  const keyColumn = keys.size === 1 && key !== undefined && !key.includes('\0') ? key : undefined
  return {
    turnBack,
    columnsFor: (variable) => columns.get(variable) ?? [],
    csv: format.kind === 'csv' ? { delimiter: format.delimiter, columns: format.columns, keyColumn } : undefined,
  }
}
