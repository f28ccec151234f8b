import { isRegionField } from '../../domain/region.ts'
import type { Canonical } from '../../language/canonical.ts'
import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Document, Step } from '../../language/document.ts'
import { answersOf } from '../../language/rules/answers.ts'
import { alternatives, type Block, type FieldRule, type Mapping, type When } from '../mapping/mapping.ts'

/** What the conditions and references of a mapping are checked against. */
type References = { mapping: Mapping; document: Document; canonical: Canonical; diagnostics: Diagnostics }

/** Checks a condition: each `@field` is there before it is asked for, and each value that it is compared with can be its value. */
export function checkCondition(
  when: When,
  at: Step[],
  block: Block,
  before: ReadonlySet<string> | undefined,
  refs: References,
): void {
  for (const [name, wanted] of Object.entries(when)) {
    const say = (text: string) => refs.diagnostics.add(refs.document.at(...at, 'when', name), text)
    for (const value of valuesOf(wanted)) checkRange(value, say)
    if (!name.startsWith('@')) continue
    const field = name.slice(1)
    const other = /^(keluarga|individu)\.(.+)$/.exec(field)
    const key = other === null ? `${block.level}.${field}` : field
    const fault =
      other === null ? ownFault(field, block, before) : otherFault(other[1] ?? '', other[2] ?? '', block, refs.mapping)
    if (fault !== undefined) say(fault)
    else for (const value of valuesOf(wanted)) checkValue(value, key, refs.canonical, say)
  }
}

function ownFault(field: string, block: Block, before: ReadonlySet<string> | undefined): string | undefined {
  if (before === undefined)
    return `A block's own fields are not made yet when its condition is asked. Name a column, or @individu.${field} or @keluarga.${field} of the first block.`
  if (before.has(field) || (block.level === 'keluarga' && isRegionField(field))) return undefined
  if (field === 'umur' && before.has('tanggal_lahir')) return undefined
  if (block.fields[field] !== undefined)
    return `"@${field}" stands below this rule. Move the rule of ${field} above it.`
  return `This block makes no "${field}". ${didYouMean(field, before, 'Name a field that stands above, or a column without "@".')}`
}

/** The other record is the first one of the entry, or the family around a member. */
function otherFault(level: string, field: string, block: Block, { records }: Mapping): string | undefined {
  const isNested = block.each?.includes('[]') === true
  const index = isNested ? records.findIndex((one) => one.level === level) : 0
  const first = records[index]
  const name = `@${level}.${field}`
  if (
    first === undefined ||
    first === block ||
    first.level !== level ||
    (!isNested && first.each !== undefined) ||
    records.indexOf(block) < index
  )
    return `"${name}" can only be asked of the first block, of a later one. Put the block of level ${level} first, or name a column.`
  if (first.when !== undefined)
    return `The first block has a condition itself, so "${name}" may be of nobody. Name a column.`
  if (first.fields[field] !== undefined || (level === 'keluarga' && isRegionField(field))) return undefined
  return `The block of level ${level} makes no "${field}". ${didYouMean(field, Object.keys(first.fields), 'Name a field that it makes.')}`
}

function valuesOf(wanted: When[string]): string[] {
  if (typeof wanted === 'object' && 'contains' in wanted) return []
  return typeof wanted === 'object' && 'not' in wanted ? [wanted.not].flat() : [wanted].flat()
}

const RANGE = /^(-?[0-9]+)\.\.(-?[0-9]+)$/

function checkRange(value: string, say: (text: string) => void): void {
  const [, from, to] = RANGE.exec(value) ?? []
  if (from !== undefined && Number(from) > Number(to))
    say(`The range ${value} is empty, so this never holds. Write the smaller number first.`)
}

function checkValue(
  value: string,
  key: string,
  { variables, codelists }: Canonical,
  say: (text: string) => void,
): void {
  if (value === 'filled' || value === 'empty' || RANGE.test(value)) return
  const isNumber = key.endsWith('.umur') || variables.get(key)?.type === 'integer'
  if (isNumber && !/^-?[0-9]+$/.test(value))
    say(`"${value}" is no whole number, so this never holds. Write a number, or a range such as 10..53.`)
  const list = codelists.get(variables.get(key)?.codelist ?? '')
  if (list === undefined) return
  if (!answersOf(list).has(value))
    say(
      `"${value}" is no code of ${list.name}, so this never holds. Use one of ${list.codes.map(({ code }) => code).join(', ')}.`,
    )
}

/** Checks where a rule takes a value from the head, and that no alternative stands behind one that always holds. */
export function checkAlternatives(
  field: string,
  rules: FieldRule | FieldRule[] | string,
  at: Step[],
  block: Block,
  refs: References,
): void {
  const all = alternatives(rules)
  const say = (index: number, step: string, text: string) => {
    const place = Array.isArray(rules) && all.length > 1 ? [...at, index] : at
    refs.diagnostics.add(refs.document.at(...place, ...(step === '' ? [] : [step])), text)
  }
  const always = all.findIndex(({ when, head, of }) => when === undefined && head === undefined && of === undefined)
  if (always !== -1 && always < all.length - 1)
    say(always, '', 'This rule has no "when", so those behind it are never used. Put it last, or give it a condition.')
  const members = refs.mapping.records.find(({ level, each }) => level === 'individu' && each !== undefined)
  for (const [index, { head, of }] of all.entries()) {
    if (head === undefined && of === undefined) continue
    const step = head === undefined ? 'of' : 'head'
    if (block.level !== 'keluarga' || members === undefined)
      say(
        index,
        step,
        'Only a family with its members in an array has a head to take a value from. Use a condition (when) in other layouts.',
      )
    else if (members.fields.status_hubungan_keluarga === undefined)
      say(index, step, 'The block of the members makes no status_hubungan_keluarga, so nobody is the head. Map it.')
    else if (head !== undefined) checkHead(field, head, members, refs.canonical, (text) => say(index, 'head', text))
  }
}

function checkHead(
  field: string,
  head: string,
  members: Block,
  { variables }: Canonical,
  say: (text: string) => void,
): void {
  if (members.fields[head] === undefined) {
    say(
      `The block of the members makes no "${head}". ${didYouMean(head, Object.keys(members.fields), 'Name a field that it makes, or a column of the head: { from: COLUMN, of: head }.')}`,
    )
    return
  }
  const [own, theirs] = [variables.get(`keluarga.${field}`), variables.get(`individu.${head}`)]
  if (own !== undefined && theirs !== undefined && (own.type !== theirs.type || own.codelist !== theirs.codelist))
    say(`"${head}" is of another kind than ${field}. Name a field of the same kind.`)
}
