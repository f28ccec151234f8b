import type { Diagnostics } from '../../language/diagnostics.ts'
import { type Document, readJson, readYaml } from '../../language/document.ts'

/** The text files of a registry by their path in it (`datasets/carik/1/mapping.yaml`), with the path a person would open. */
export type RegistryFiles = ReadonlyMap<string, { file: string; text: string }>

/** One version of a dataset folder, read but not understood. */
export type DatasetFolder = {
  name: string
  version: string
  /** Not for new batches yet: its mistakes stop nothing. */
  isDraft: boolean
  mapping: Document
  schema: Document
  codes: Map<string, Document>
  examples: Document[]
}

const FOLDER = /^datasets\/([a-z0-9]+(?:-[a-z0-9]+)*)\/([0-9]+(?:\.[0-9]+)*)\/(.+)$/

/** Reads every dataset folder; a missing or broken file is a diagnostic, and the folder is left out. */
export function readFolders(files: RegistryFiles, diagnostics: Diagnostics): DatasetFolder[] {
  const folders = new Map<string, Map<string, { file: string; text: string }>>()
  for (const [path, file] of files) {
    if (!path.startsWith('datasets/')) continue
    const match = FOLDER.exec(path)
    if (match === null) {
      diagnostics.add(
        { file: file.file, line: 1, field: '' },
        'Name the folder datasets/<kebab-case>/<version of digits and dots>/.',
      )
      continue
    }
    const key = `${match[1]}@${match[2]}`
    const parts = folders.get(key) ?? new Map()
    folders.set(key, parts.set(match[3] as string, file))
  }
  return [...folders].flatMap(([key, parts]) => {
    const isDraft = saysDraft(parts.get('mapping.yaml')?.text)
    return diagnostics.within(isDraft, () => readFolder(key, parts, isDraft, diagnostics)).value ?? []
  })
}

/** Whether a mapping says that it is a draft, also one that is no YAML as a whole. */
function saysDraft(text: string | undefined): boolean {
  return text !== undefined && /^draft:[ \t]*true[ \t]*(?:#.*)?\r?$/m.test(text)
}

function readFolder(
  key: string,
  parts: Map<string, { file: string; text: string }>,
  isDraft: boolean,
  diagnostics: Diagnostics,
): DatasetFolder | undefined {
  const [name = '', version = ''] = key.split('@')
  const first = [...parts][0] as [string, { file: string }]
  const directory = first[1].file.slice(0, -first[0].length)
  const read = (part: string, reader: typeof readYaml) => {
    const file = parts.get(part)
    if (file !== undefined) return reader(file.file, file.text, diagnostics)
    diagnostics.add(
      { file: directory + part, line: 1, field: '' },
      'This file is missing. Add it; MAPPING.md says what it holds.',
    )
    return undefined
  }
  if (!parts.has('README.md')) read('README.md', readYaml)
  const mapping = read('mapping.yaml', readYaml)
  const schema = read('schema.json', readJson)
  const codes = new Map<string, Document>()
  const examples: Document[] = []
  for (const [part, { file, text }] of parts) {
    const list = /^codes\/(.+)\.yaml$/.exec(part)
    const document =
      list !== null
        ? readYaml(file, text, diagnostics)
        : part.startsWith('examples/')
          ? readJson(file, text, diagnostics)
          : undefined
    if (document === undefined) continue
    if (list === null) examples.push(document)
    else codes.set(list[1] as string, document)
  }
  if (examples.length === 0) {
    const place = { file: `${directory}examples/`, line: 1, field: '' }
    diagnostics.add(
      place,
      'There is no example. Add at least one with "out" and one with "findings"; MAPPING.md section 8.',
    )
  }
  return mapping === undefined || schema === undefined
    ? undefined
    : { name, version, isDraft, mapping, schema, codes, examples }
}
