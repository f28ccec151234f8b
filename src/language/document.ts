import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { Diagnostics } from './diagnostics.ts'
import { yamlAdvice } from './yaml-faults.ts'

export type Step = string | number
/** A place in a registry file; lines count from 1. */
export type DocumentPlace = { file: string; line: number; field: string }

/** A YAML or JSON file of the registry that still knows its lines. */
export type Document = {
  file: string
  value: unknown
  at(...path: Step[]): DocumentPlace
}

/** Reads a YAML file; its mistakes (also doubled keys) become diagnostics, and the answer is undefined. */
export function readYaml(file: string, text: string, diagnostics: Diagnostics): Document | undefined {
  const lines = new LineCounter()
  const tree = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  for (const error of tree.errors) {
    const { line } = lines.linePos(error.pos[0])
    const advice = yamlAdvice(error.code, error.message, text.split('\n')[line - 1] ?? '')
    diagnostics.add({ file, line, field: '' }, advice)
  }
  if (tree.errors.length > 0) return undefined
  let value: unknown
  try {
    value = tree.toJS()
  } catch (error) {
    // An alias that names nothing is only met here.
    if (!(error instanceof ReferenceError)) throw error
    const at = text.split('\n').findIndex((line) => /(?:^|[\s:[{,-])\*\S/.test(line))
    diagnostics.add({ file, line: at + 1, field: '' }, yamlAdvice('BAD_ALIAS', '', ''))
    return undefined
  }
  return { file, value, at: (...path) => documentPlace(file, tree.contents, lines, path) }
}

/** Reads a JSON file. The slow reader that knows lines is only used once something is wrong. */
export function readJson(file: string, text: string, diagnostics: Diagnostics): Document | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return {
      file,
      value,
      at: (...path) => readYaml(file, text, diagnostics)?.at(...path) ?? { file, line: 1, field: '' },
    }
  } catch {
    if (readYaml(file, text, diagnostics) !== undefined) {
      diagnostics.add({ file, line: 1, field: '' }, 'This is not JSON. Correct the file.')
    }
    return undefined
  }
}

function documentPlace(file: string, root: Node | null, lines: LineCounter, path: Step[]): DocumentPlace {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const step of path) {
    const next = child(node, step)
    if (next === undefined) break
    offset = next.offset ?? offset
    node = next.node
  }
  return { file, line: lines.linePos(offset).line, field: path.join('/') }
}

/** The value under a step, and where its key (in a map) or it itself (in a list) begins. */
function child(node: unknown, step: Step): { node: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
    )
    if (pair === undefined) return undefined
    return { node: pair.value, offset: (pair.key as Node).range?.[0] }
  }
  const items = (node as { items?: Node[] } | null)?.items
  const item = Array.isArray(items) ? items[Number(step)] : undefined
  return item === undefined ? undefined : { node: item, offset: item.range?.[0] }
}
