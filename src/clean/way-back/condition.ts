import type { Json } from '../../domain/entry.ts'
import { codeText, folded } from '../compile/assemble.ts'
import type { When } from '../mapping/mapping.ts'

const RANGE = /^(-?[0-9]+)\.\.(-?[0-9]+)$/

/** Whether a condition holds in a row of which only some columns are known; undefined where that cannot be told. */
export function holdsIn(when: When, known: ReadonlyMap<string, Json>): boolean | undefined {
  let answer: boolean | undefined = true
  for (const [name, wanted] of Object.entries(when)) {
    const value = known.get(name)
    const one = value === undefined ? undefined : isWanted(codeText(value), wanted)
    if (one === false) return false
    if (one === undefined) answer = undefined
  }
  return answer
}

function isWanted(text: string, wanted: When[string]): boolean | undefined {
  if (typeof wanted === 'object' && 'contains' in wanted)
    return [wanted.contains].flat().some((part) => folded(text).includes(folded(part)))
  if (typeof wanted === 'object' && 'not' in wanted) {
    const inner = isWanted(text, wanted.not)
    return inner === undefined ? undefined : !inner
  }
  return [wanted].flat().some((one) => {
    const range = RANGE.exec(one)
    if (one === 'filled' || one === 'empty') return (text === '') === (one === 'empty')
    if (range === null) return text === one.trim()
    return /^-?[0-9]+$/.test(text) && Number(text) >= Number(range[1]) && Number(text) <= Number(range[2])
  })
}

/** Texts of columns for which a condition holds; undefined where one is about a canonical field, or says only what must not be. */
export function columnsFor(when: When): Map<string, string> | undefined {
  const columns = new Map<string, string>()
  for (const [name, wanted] of Object.entries(when)) {
    // What contains an answer holds others, which writing this one would take away.
    if (name.startsWith('@') || (typeof wanted === 'object' && !Array.isArray(wanted))) return undefined
    const first = [wanted].flat().find((one) => one !== 'filled' && !RANGE.test(one))
    if (first === undefined) return undefined
    columns.set(name, first === 'empty' ? '' : first)
  }
  return columns
}
