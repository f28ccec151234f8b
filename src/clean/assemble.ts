import type { Json } from '../domain/entry.ts'
import { templateColumns } from './mapping.ts'

/** The text of a scalar, trimmed; '' where there is none. */
export function plain(value: Json | undefined): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export function within(text: string, low: number, high: number): boolean {
  return /^-?[0-9]+$/.test(text) && Number(text) >= low && Number(text) <= high
}

/** Joins the parts that are filled; with widths, each part is filled with zeros and none may be missing. */
export function joiner(
  separator: string,
  widths: readonly number[] | undefined,
): (parts: (Json | undefined)[]) => string {
  return (parts) => {
    const texts = parts.map(plain)
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
    .map((part) => ({
      optional: part.startsWith('['),
      text: part.replace(/^\[|\]$/g, ''),
      columns: templateColumns(part).length,
    }))
  return (values) => {
    const texts = values.map(plain)
    if (texts.every((text) => text === '')) return ''
    let next = 0
    let filled = ''
    for (const { optional, text, columns } of parts) {
      const own = texts.slice(next, next + columns)
      next += columns
      if (optional && own.some((value) => value === '')) continue
      let index = 0
      filled += text.replace(/\{[^{}]+\}/g, () => own[index++] ?? '')
    }
    return filled
  }
}
