import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { type Registry, tryRegistry } from '../../src/catalogue/registry.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'

export type Files = Map<string, { file: string; text: string }>

export const builtIn: Files = await readRegistry(['src/registry'])

/** A key that says what it was derived from, so that a test can see it. */
const derive = (identity: string) => identity.replaceAll(' ', '-')

/** Compiles the built-in registry with some files changed; an edit to undefined removes the file. */
export function compileWith(edits: Record<string, string | undefined>): {
  registry: Registry
  diagnostics: Diagnostics
} {
  const files: Files = new Map()
  // Other datasets only cost time where a test is about one.
  for (const [path, file] of builtIn)
    if (!path.startsWith('datasets/') || path.startsWith('datasets/carik/')) files.set(path, file)
  for (const [path, text] of Object.entries(edits)) {
    if (text === undefined) files.delete(path)
    else files.set(path, { file: path, text })
  }
  const diagnostics = new Diagnostics()
  return { registry: tryRegistry(files, derive, diagnostics), diagnostics }
}

/** The text of a built-in file with one part replaced; throws when the part is not there. */
export function edited(path: string, from: string, to: string): Record<string, string> {
  const text = builtIn.get(path)?.text ?? ''
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`)
  return { [path]: text.replace(from, to) }
}
