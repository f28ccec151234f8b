import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import { columnsOfMapping } from '../mapping/every-column.ts'
import type { DatasetFolder } from '../mapping/folder.ts'
import { lookedUp, type Mapping } from '../mapping/mapping.ts'

type Version = { folder: Pick<DatasetFolder, 'name' | 'mapping' | 'schema'>; mapping: Mapping }

/** Checks the lookups of a mapping against the datasets that they name: these exist, are rows of columns, and have those columns. */
export function checkLookups(
  { folder, mapping }: Version,
  versions: ReadonlyMap<string, Version>,
  diagnostics: Diagnostics,
): void {
  for (const [name, { dataset, key }] of Object.entries(mapping.lookups ?? {})) {
    const at = ['lookups', name]
    const say = (steps: string[], text: string) => diagnostics.add(folder.mapping.at(...at, ...steps), text)
    for (const own of Object.keys(key)) {
      const chained = lookedUp(own, mapping.lookups)
      if (chained !== undefined)
        say(
          ['key', own],
          `A row is looked up by columns of its own file, and "${own}" is one that ${chained.lookup} found. Have the file sent with such a column of its own.`,
        )
    }
    const named = [...versions.values()].filter((version) => version.folder.name === dataset)
    const other = named.at(-1)
    if (other === undefined) {
      const known = new Set([...versions.values()].map((version) => version.folder.name))
      say(
        ['dataset'],
        `There is no dataset "${dataset}" that could be looked up in. ${didYouMean(dataset, known, 'Add its folder, or correct the name.')}`,
      )
      continue
    }
    const columns = Object.keys((other.folder.schema.value as { properties?: object }).properties ?? {})
    const unknown = (column: string) =>
      `${dataset} has no column "${column}". ${didYouMean(column, columns, `It has ${columns.slice(0, 20).join(', ')}.`)}`
    for (const [own, theirs] of Object.entries(key)) if (!columns.includes(theirs)) say(['key', own], unknown(theirs))
    for (const column of new Set(columnsOfMapping(mapping))) {
      const found = lookedUp(column, mapping.lookups)
      if (found?.lookup === name && !columns.includes(found.column)) say([], unknown(found.column))
    }
  }
}
