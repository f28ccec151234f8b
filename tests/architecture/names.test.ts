import { describe, expect, it } from 'vitest'
import { codeOf, SOURCES, type Tree } from './tree.ts'

const TYPE = /^export (?:declare )?(?:abstract )?(?:type|interface|class) (\w+)/gm
const FUNCTION =
  /^export (?:default )?(?:async )?function\*? ?(\w+)|^export const (\w+)(?::[^=\n]+)? =\s*(?:async )?(?:<[^>]*>)?(?:\([^)]*\)|\w+)(?::[^=\n]+)? =>/gm
/** A TypeBox shape and the type of the same name are one thing. */
const KINDS = { type: TYPE, function: FUNCTION }

/** Names that two files export, each for a thing of its own. */
function doubles(tree: Tree): string[] {
  return Object.entries(KINDS).flatMap(([kind, pattern]) => {
    const found = [...tree].flatMap(([path, text]) =>
      [...codeOf(text).matchAll(pattern)].map((match) => ({ name: match[1] ?? match[2] ?? '', path })),
    )
    const files = [...Map.groupBy(found, ({ name }) => name)].map(([name, places]) => ({
      name,
      paths: [...new Set(places.map(({ path }) => path))].toSorted(),
    }))
    return files
      .filter(({ paths }) => paths.length > 1)
      .map(({ name, paths }) => `${kind} ${name}: ${paths.join(', ')}`)
  })
}

describe('an exported name', () => {
  it('stands once in the source tree, for a type and for a function', () => {
    expect(doubles(SOURCES)).toEqual([])
  })

  it.each([
    ['type', 'export type Receipt = { id: string }', 'export interface Receipt { at: Date }'],
    ['type', 'export class Receipt {}', 'export type Receipt = string'],
    ['function', 'export function receive() {}', 'export async function receive() {}'],
    ['function', 'export const receive = (at: Date): string => at.toISOString()', 'export function* receive() {}'],
  ])('is noticed when two files give it to a %s', (kind, one, other) => {
    const tree = new Map([
      ['forward/a.ts', `${one}\n`],
      ['receiver/b.ts', `${other}\n`],
    ])
    expect(doubles(tree)).toEqual([
      expect.stringMatching(new RegExp(`^${kind} (Receipt|receive): forward/a.ts, receiver/b.ts$`)),
    ])
  })

  it('may stand for overloads of one function, and for a shape and its type', () => {
    const text =
      'export function a(x: string): void\nexport function a(x: number): void\nexport const B = 1\nexport type B = 1\n'
    expect(doubles(new Map([['domain/a.ts', text]]))).toEqual([])
  })
})
