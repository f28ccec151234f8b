import { type ErrorPlace, TitianError } from '../../domain/error.ts'
import type { Relation, SheetHead } from './parts.ts'

/** A sheet that may be read: its number counts all of the workbook's, from 1. */
export type Sheet = { name: string; number: number; isHidden: boolean; part: string }

/** The sheets with cells, in their order; sheets of charts and dialogues are none. */
export function sheetsOf(heads: readonly SheetHead[], relations: readonly Relation[], folder: string): Sheet[] {
  return heads.flatMap(({ name, relation, isHidden }, at) => {
    const target = relations.find(({ id }) => id === relation)
    if (target === undefined || target.kind !== 'worksheet') return []
    return [{ name, number: at + 1, isHidden, part: partName(folder, target.target) }]
  })
}

/** The name of a part that another one in a folder refers to. */
export function partName(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1)
  const steps = folder === '' ? [] : folder.split('/')
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.') steps.push(step)
  }
  return steps.join('/')
}

/**
 * The sheets that a declared name or number (from 1) means, or all that can be seen. Throws `body-form` where there is none; the places are
 * the numbers of those that there are.
 */
export function eligibleSheets(sheets: readonly Sheet[], declared: string | undefined): readonly Sheet[] {
  if (declared === undefined) {
    const visible = sheets.filter(({ isHidden }) => !isHidden)
    if (visible.length > 0) return visible
    throw wrongSheet('the workbook has no sheet that can be seen', sheets, 'sheet-hidden')
  }
  const folded = fold(declared)
  const found =
    sheets.find(({ name }) => name === declared) ??
    sheets.find(({ name }) => fold(name) === folded) ??
    sheets.find(({ number }) => String(number) === declared.trim())
  if (found !== undefined) return [found]
  throw wrongSheet('the workbook has no sheet of that name or number', sheets, 'sheet-other')
}

/** Says that several sheets could be meant. */
export function ambiguous(sheets: readonly Sheet[]): TitianError {
  return wrongSheet(
    'several sheets have the columns of the dataset; say which one, by name or number',
    sheets,
    'sheet-fits',
  )
}

function wrongSheet(message: string, sheets: readonly Sheet[], code: string): TitianError {
  const places: ErrorPlace[] = sheets.slice(0, 50).map(({ number }) => ({ pointer: `/sheets/${number}`, code }))
  return new TitianError('body-form', message, { places })
}

function fold(name: string): string {
  return name.trim().toLowerCase()
}
