import { describe, expect, it } from 'vitest'
import { codeOf, planted, SOURCES, type Tree } from './tree.ts'

const ROOMS = /^(clean\/compile|language\/rules)\//
/** Every way in which a text becomes code. */
const BECOMES_CODE =
  /\bnew (Async|Generator|AsyncGenerator)?Function\b|\bFunction\(|\beval\(|\bnode:vm\b|\.constructor\(/g

function generatedFaults(tree: Tree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const code = codeOf(text)
    const makes = code.match(BECOMES_CODE)?.length ?? 0
    if (makes === 0) return []
    if (!ROOMS.test(path)) return [`${path} turns text into code`]
    const named = text.match(/\/\/# sourceURL=/g)?.length ?? 0
    return named < makes ? [`${path} compiles without a sourceURL`] : []
  })
}

describe('text', () => {
  it('becomes code in two rooms only, each time under a name that stack traces show', () => {
    expect(generatedFaults(SOURCES)).toEqual([])
  })

  it.each([
    ['link/score/model.ts', 'const f = new Function("a", body)'],
    ['clean/mapping/when.ts', 'const f = Function(body)'],
    ['console/home.ts', 'eval(text)'],
    ['io/queue.ts', "import vm from 'node:vm'"],
    ['clean/converters/text.ts', 'const make = (async () => 1).constructor(body)'],
    ['clean/compile/compile.ts', 'const f = new Function("a", body)'],
    ['language/rules/generate.ts', 'new Function(body + "\\n//# sourceURL=a.js"); new Function(other)'],
  ])('is noticed when it becomes code in %s', (path, text) => {
    expect(generatedFaults(planted(path, text))).toEqual([expect.stringContaining(path)])
  })

  it('may become code under a name', () => {
    expect(generatedFaults(planted('clean/compile/x.ts', 'new Function(body + "\\n//# sourceURL=a.js")'))).toEqual([])
  })
})
