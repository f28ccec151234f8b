import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

const SRC = join(import.meta.dirname, '..', '..', 'src')

export type SourceFile = { path: string; text: string }

/** A string of a source file: its line, its text with `$` for each `${…}`, and the code before it on its line. */
export type SourceString = { line: number; text: string; before: string }

/** The TypeScript files of `src`, by their paths below it. */
export function sourceFiles(): SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ path: file.split(sep).join('/'), text: readFileSync(join(SRC, file), 'utf8') }))
}

/** The migrations, by their names in order. */
export function migrationFiles(): { name: string; text: string }[] {
  const folder = join(SRC, 'io/postgres/migrations')
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

/** All strings and templates of a source text, without comments; those inside `${…}` stand for themselves. */
export function stringsOf(text: string): SourceString[] {
  const found: SourceString[] = []
  let at = 0
  const starts = (word: string) => text.startsWith(word, at)
  const note = (from: number, content: string) => {
    const head = text.slice(0, from)
    found.push({ line: head.split('\n').length, text: content, before: head.slice(head.lastIndexOf('\n') + 1) })
  }
  const skipTo = (end: string) => {
    const next = text.indexOf(end, at)
    at = next < 0 ? text.length : next + end.length
  }
  const quoted = (quote: string) => {
    const from = at++
    while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1
    note(from, text.slice(from + 1, at++))
  }
  const pattern = () => {
    for (let isClass = false; ++at < text.length && (isClass || text[at] !== '/'); ) {
      if (text[at] === '\\') at += 1
      else if (text[at] === '[') isClass = true
      else if (text[at] === ']') isClass = false
    }
    at += 1
  }
  const template = () => {
    const from = at++
    let content = ''
    while (at < text.length && !starts('`')) {
      if (starts('${')) {
        at += 2
        content += '$'
        code('}')
        continue
      }
      const length = starts('\\') ? 2 : 1
      content += text.slice(at, at + length)
      at += length
    }
    at += 1
    note(from, content)
  }
  const code = (end: string | undefined) => {
    let depth = 0
    let last = ''
    while (at < text.length) {
      const sign = text[at] ?? ''
      if (sign === end && depth === 0) {
        at += 1
        return
      }
      if (starts('//')) skipTo('\n')
      else if (starts('/*')) skipTo('*/')
      else if (sign === "'" || sign === '"') quoted(sign)
      else if (sign === '`') template()
      else if (sign === '/' && /[(,=:[!&|?{};\n>]|^$/.test(last)) pattern()
      else {
        if (sign === '{') depth += 1
        if (sign === '}') depth -= 1
        at += 1
      }
      if (!/\s/.test(sign)) last = sign
    }
  }
  code(undefined)
  return found.sort((a, b) => a.line - b.line)
}
