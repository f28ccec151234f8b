import type { Json } from '../../domain/entry.ts'
import { wholeOf } from '../converters/spreadsheet.ts'

/** The text of a scalar, trimmed; '' where there is none. */
export function plain(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** The same of a code, without the `.0` that a spreadsheet or a data frame adds. */
export function codeText(value: Json | undefined): string {
  const text = plain(value)
  return wholeOf(text) ?? text
}

/** Whether a whole number, or the text of one, lies between two others. */
export function isWithin(value: Json | undefined, low: number, high: number): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value >= low && value <= high
  const text = codeText(value)
  return /^-?[0-9]+$/.test(text) && Number(text) >= low && Number(text) <= high
}

/** A text as `contains` compares it: in capitals, trimmed, with single blanks. */
export function folded(text: string): string {
  return text.trim().toUpperCase().replace(/\s+/g, ' ')
}

/** Whether a text holds a part, or a list an item that is equal to it. The part is folded already. */
export function contains(value: Json | undefined, part: string): boolean {
  if (Array.isArray(value)) return value.some((item) => folded(codeText(item)) === part)
  return folded(plain(value)).includes(part)
}

/** Joins the parts that are filled; with widths, each part is filled with zeros and none may be missing. */
export function joiner(
  separator: string,
  widths: readonly number[] | undefined,
): (parts: (Json | undefined)[]) => string {
  return (parts) => {
    const texts = parts.map(widths === undefined ? plain : codeText)
    if (widths === undefined) return texts.filter((text) => text !== '').join(separator)
    if (texts.some((text) => text === '')) return ''
    return texts
      .map((text, index) => (/^[0-9]+$/.test(text) ? text.padStart(widths[index] ?? 0, '0') : text))
      .join(separator)
  }
}

/** The part of a text between separators, from 1; '' where there is none. */
export function splitter(by: string, part: number): (value: Json | undefined) => string {
  return (value) => plain(value).split(by)[part - 1]?.trim() ?? ''
}

/** Fills a template; `values` are its columns in order. A part in brackets falls away when one of its columns is empty. */
export function templater(template: string): (values: (Json | undefined)[]) => string {
  const parts = template
    .split(/(\[[^[\]]*\])/)
    .filter((part) => part !== '')
    .map((part) => {
      const isOptional = part.startsWith('[')
      return { isOptional, words: (isOptional ? part.slice(1, -1) : part).split(/\{[^{}]+\}/) }
    })
  return (values) => {
    let isEmpty = true
    let next = 0
    let filled = ''
    for (const { isOptional, words } of parts) {
      let text = words[0] ?? ''
      let isComplete = true
      for (let i = 1; i < words.length; i++) {
        const value = plain(values[next++])
        if (value === '') isComplete = false
        else isEmpty = false
        text += value + words[i]
      }
      if (isComplete || !isOptional) filled += text
    }
    return isEmpty ? '' : filled
  }
}
