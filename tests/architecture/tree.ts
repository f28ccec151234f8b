import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const IMPORT = /^\s*(import|export)\b([^'"`;]*?)(?:\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

/** Texts of TypeScript files by their paths, with `/`, below some folder. A rule reads one, real or planted. */
export type Tree = ReadonlyMap<string, string>

/** `to` is a path in the tree where one of ours is imported, else the name of a package. */
export type Import = { from: string; to: string; isType: boolean }

/** The TypeScript files below a folder of the project. */
export function readTree(folder: string): Tree {
  const root = join(ROOT, folder)
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  return new Map(paths.map((path) => [path.split(sep).join('/'), readFileSync(join(root, path), 'utf8')]))
}

export const SOURCES = readTree('src')

/** A tree of one file. */
export function planted(path: string, text: string): Tree {
  return new Map([[path, text]])
}

export function importsOf(tree: Tree): Import[] {
  return [...tree].flatMap(([from, text]) =>
    [...text.matchAll(IMPORT)].map(([, , middle = '', plain, dynamic]) => {
      const name = plain ?? dynamic ?? ''
      const to = name.startsWith('.')
        ? normalize(join(dirname(from), name))
            .split(sep)
            .join('/')
        : name
      return { from, to, isType: /^\s*type\b/.test(middle) }
    }),
  )
}

export const isOurs = (to: string): boolean => to.endsWith('.ts')

/** The folder of src a file lies in; what lies beside them makes the application, but for main.ts, which starts it. */
export function roomOf(path: string): string {
  if (path.includes('/')) return path.slice(0, path.indexOf('/'))
  return path === 'main.ts' ? 'main' : 'app'
}

/** What stands between the name and `.ts`: `sql` of `chunk.sql.ts`; undefined when nothing does. */
export function suffixOf(path: string): string | undefined {
  return /\.(\w+)\.ts$/.exec(path.slice(path.lastIndexOf('/') + 1))?.[1]
}

/** A text without its comments; strings stay as they are, though comments may seem to begin in them. */
export function codeOf(text: string): string {
  const stringOrComment = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/.*$/gm
  return text.replace(stringOrComment, '$1')
}
