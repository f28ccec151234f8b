import { readFileSync } from 'node:fs'
import { type SourceFile, stringsOf } from './source.ts'

const DOCUMENT = new URL('../../ARCHITECTURE.md', import.meta.url)
const STATEMENT = /^\s*(?:with|select|insert|update|delete|merge|truncate|copy|lock)\b/i
const WRITES =
  /\b(?:insert\s+into|delete\s+from|merge\s+into|truncate(?:\s+table)?|lock\s+table)\s+(?:only\s+)?([a-z_$]+)/gi
const UPDATES = /\bupdate\s+(?:only\s+)?(?!set\b)([a-z_$]+)\s+(?:(?:as\s+)?[a-z_]+\s+)?set\b/gi
const COPIES = /\bcopy\s+([a-z_$]+)[^;]*\bfrom\s+stdin/gi
const SEQUENCES = /\bnextval\(\s*'?([a-z_$]+)/gi
/** The function of the database that writes a table in the application's stead. */
const APPENDS = /\bappend_(audit)\s*\(/g
const READS = /(?<!\bdelete\s+)\b(?:from|join)\s+(?:only\s+)?([a-z_]+)\b(?!\s*\()/gi

/** Who writes a table (or draws from a sequence): a folder of `src`. Another database of its own is written `folder: name`. */
export type Owners = ReadonlyMap<string, string>

/** What is written or read, where. */
export type Use = { path: string; line: number; name: string; does: 'writes' | 'reads' }

/** The table below a heading of ARCHITECTURE.md as rows of cells. */
export function tableBelow(heading: string): string[][] {
  const [, section = ''] = readFileSync(DOCUMENT, 'utf8').split(`\n## ${heading}\n`)
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}

/** The owner of every table and sequence by the document; of the receiver's, by `receiver:` and the name. */
export function readOwners(): Owners {
  const owners = new Map<string, string>()
  for (const [owner = '', ...cells] of tableBelow('Who owns which table')) {
    const [folder = ''] = namesIn(owner)
    for (const name of cells.slice(0, 2).flatMap(namesIn)) {
      const key = folder === 'receiver' ? `receiver:${name}` : name
      if (owners.has(key)) throw new Error(`${key} has two owners`)
      owners.set(key, folder)
    }
  }
  return owners
}

/** What the statements of a source file write and read. */
export function usesOf({ path, text }: SourceFile): Use[] {
  const uses: Use[] = []
  for (const { line, text: sql } of stringsOf(text)) {
    if (!STATEMENT.test(sql)) continue
    const add = (does: Use['does'], pattern: RegExp) => {
      for (const [, name = ''] of sql.matchAll(pattern)) uses.push({ path, line, name: name.replaceAll('"', ''), does })
    }
    for (const pattern of [WRITES, UPDATES, COPIES, SEQUENCES]) add('writes', pattern)
    add('reads', READS)
    for (const [, name = ''] of sql.matchAll(APPENDS)) uses.push({ path, line, name, does: 'writes' })
  }
  for (const { 1: name = '$', index } of text.matchAll(/\bcopyRows\(\s*\w+,\s*(?:'([a-z_]+)')?/g))
    uses.push({ path, line: text.slice(0, index).split('\n').length, name, does: 'writes' })
  return uses
}

/** The rule that a use breaks, in a sentence; undefined when it breaks none. */
export function faultOf({ path, line, name, does }: Use, owners: Owners): string | undefined {
  // The helper itself: whom it writes for is said where it is called.
  if (path === 'io/postgres/copy.ts') return undefined
  // It puts another seal around a value of anybody's, and never changes what is in it.
  if (path === 'trust/reseal/reseal.sql.ts' && name.includes('$')) return undefined
  // It puts an index under another key, which says the same.
  if (path === 'trust/reindex/reindex.sql.ts' && name.includes('$')) return undefined
  // A temporary database of its own, which is gone when the command ends.
  if (path === 'cli/dataset/row-index.sql.ts') return undefined
  // A backup holds all tables, and a restore fills them all, in a database that nothing works on.
  if (path === 'cli/backup/tables.sql.ts') return undefined
  const at = `${path}:${line}`
  if (does === 'writes' && name.includes('$')) return `${at} writes a table that it does not name`
  const owner = path.startsWith('receiver/') ? owners.get(`receiver:${name}`) : owners.get(name)
  if (owner === undefined) return does === 'writes' ? `${at} writes ${name}, which has no owner` : undefined
  if (path.startsWith(`${owner}/`)) return undefined
  if (does === 'reads' && path.startsWith('reports/')) return undefined
  return `${at} ${does} ${name}, which is ${owner}'s`
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')
}
