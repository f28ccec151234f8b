import type { SourceFormat } from './dataset.ts'
import type { RawEntry } from './entry.ts'

/**
 * Makes a function that fits entries cut for one layout to another. Cells go to the columns of their names; a column that the
 * file did not have is empty. Undefined when the two are of different kinds.
 */
export function relayout(from: SourceFormat, to: SourceFormat): ((entry: RawEntry) => RawEntry) | undefined {
  if (from.kind !== 'csv' || to.kind !== 'csv') return from.kind === to.kind ? (entry) => entry : undefined
  const order = to.columns.map((column) => from.columns.indexOf(column))
  const isSame = order.length === from.columns.length && order.every((at, index) => at === index)
  if (isSame) return (entry) => entry
  return (entry) => {
    if (entry.form !== 'cells') return entry
    const cells = JSON.parse(entry.text) as string[]
    return { ...entry, text: JSON.stringify(order.map((at) => cells[at] ?? '')) }
  }
}

/** Whether a layout takes everything that another one brings, so that nothing is lost on the way. */
export function takesAll(from: SourceFormat, to: SourceFormat): boolean {
  if (from.kind !== 'csv' || to.kind !== 'csv') return from.kind === to.kind
  return from.columns.every((column) => to.columns.includes(column))
}
