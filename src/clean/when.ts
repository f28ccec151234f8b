import type { When } from './mapping.ts'

/** How the generated code reads a column and a canonical field. */
export type Readers = { column(name: string): string; field(name: string): string }

/** JavaScript of a condition; `plain` (text of a value, trimmed) is in scope where it runs. */
export function conditionOf(when: When, readers: Readers): string {
  const tests = Object.entries(when).map(([name, wanted]) => {
    const read = name.startsWith('@') ? readers.field(name.slice(1)) : readers.column(name)
    return testOf(`plain(${read})`, wanted)
  })
  return tests.map((test) => `(${test})`).join(' && ')
}

function testOf(value: string, wanted: When[string]): string {
  if (typeof wanted === 'object' && !Array.isArray(wanted)) return `!(${testOf(value, wanted.not)})`
  if (Array.isArray(wanted)) return wanted.map((one) => testOf(value, one)).join(' || ')
  if (wanted === 'filled') return `${value} !== ''`
  if (wanted === 'empty') return `${value} === ''`
  const range = /^(-?[0-9]+)\.\.(-?[0-9]+)$/.exec(wanted)
  if (range === null) return `${value} === ${JSON.stringify(wanted.trim())}`
  return `within(${value}, ${range[1]}, ${range[2]})`
}
