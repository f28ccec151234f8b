import type { When } from '../mapping/mapping.ts'
import { folded } from './assemble.ts'

const RANGE = /^(-?[0-9]+)\.\.(-?[0-9]+)$/

/** How the generated code reads a column and a canonical field. */
export type Readers = { column(name: string): string; field(name: string): string }

/** Writes the JavaScript of a condition. Where it runs, `codeText`, `isWithin`, `contains` (assemble.ts) and a local `text` must be in scope. */
export function conditionOf(when: When, readers: Readers): string {
  const tests = Object.entries(when).map(([name, wanted]) => {
    const read = name.startsWith('@') ? readers.field(name.slice(1)) : readers.column(name)
    return testOf(read, wanted)
  })
  return tests.map((test) => `(${test})`).join(' && ')
}

function testOf(read: string, wanted: When[string]): string {
  if (typeof wanted === 'object' && 'not' in wanted) return `!(${testOf(read, wanted.not)})`
  if (typeof wanted === 'object' && 'contains' in wanted)
    return [wanted.contains]
      .flat()
      .map((part) => `contains(${read}, ${JSON.stringify(folded(part))})`)
      .join(' || ')
  const range = typeof wanted === 'string' ? RANGE.exec(wanted) : null
  if (range !== null) return `isWithin(${read}, ${range[1]}, ${range[2]})`
  // The first test stores the text in the local, and the others use it.
  const tests = [wanted].flat().map((one, index) => testOne(index === 0 ? `(text = codeText(${read}))` : 'text', one))
  return tests.join(' || ')
}

function testOne(text: string, wanted: string): string {
  if (wanted === 'filled') return `${text} !== ''`
  if (wanted === 'empty') return `${text} === ''`
  const range = RANGE.exec(wanted)
  if (range !== null) return `isWithin(${text}, ${range[1]}, ${range[2]})`
  return `${text} === ${JSON.stringify(wanted.trim())}`
}
