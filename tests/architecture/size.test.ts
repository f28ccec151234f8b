import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planted, readTree, SOURCES, type Tree } from './tree.ts'

const FLAT = 22
const LINES = 300

function sizeFaults(tree: Tree): string[] {
  const folders = Map.groupBy(tree.keys(), (path) => dirname(path))
  const full = [...folders].filter(([, files]) => files.length > FLAT)
  const long = [...tree].map(([path, text]) => [path, text.split('\n').length - 1] as const)
  return [
    ...full.map(([folder, files]) => `${folder} holds ${files.length} files`),
    ...long.filter(([, lines]) => lines > LINES).map(([path, lines]) => `${path} has ${lines} lines`),
  ]
}

describe('a room', () => {
  it.each(['src', 'bench', 'tests/support', 'tests/architecture'])(
    `in %s holds at most ${FLAT} files, none of over ${LINES} lines`,
    (folder) => {
      expect(sizeFaults(readTree(folder))).toEqual([])
    },
  )

  it('is noticed when it is too full, or a file too long', () => {
    const many = new Map(Array.from({ length: FLAT + 1 }, (_, at) => [`link/${at}.ts`, '']))
    expect(sizeFaults(many)).toEqual(['link holds 23 files'])
    expect(sizeFaults(planted('link/long.ts', '\n'.repeat(LINES + 1)))).toEqual(['link/long.ts has 301 lines'])
    expect(sizeFaults(SOURCES)).toEqual([])
  })
})
