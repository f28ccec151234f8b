import { describe, expect, it } from 'vitest'
import { BATCH, CHUNK_STATES } from '../../src/domain/states.ts'
import { type SourceFile, sourceFiles, stringsOf } from './source.ts'

const TABLE = 'domain/states.ts'
const NAMES = new Set<string>([...CHUNK_STATES, ...Object.keys(BATCH)])
const QUOTED = /'([a-z]+)'/g
/** Words that only look like a state: a message of the log, and a word of the console in English. */
const WORDS = ['request.log.info(', "en: '"]

/** Where a source file says a state's name itself: as a string, or inside a statement. */
function namesIn({ path, text }: SourceFile): string[] {
  return stringsOf(text).flatMap(({ line, text: said, before }) => {
    if (NAMES.has(said))
      return WORDS.some((word) => `${before}'`.includes(word)) ? [] : [`${path}:${line} says ${said}`]
    return [...said.matchAll(QUOTED)].flatMap(([, word = '']) =>
      NAMES.has(word) ? [`${path}:${line} says ${word}`] : [],
    )
  })
}

describe('the names of states', () => {
  it('stand in the state table', () => {
    const table = sourceFiles().filter(({ path }) => path === TABLE)
    expect(new Set(table.flatMap(namesIn).map((found) => found.split(' ').at(-1)))).toEqual(NAMES)
  })

  it('stand nowhere else but in migrations', () => {
    const others = sourceFiles().filter(({ path }) => path !== TABLE)
    expect(others.length).toBeGreaterThan(300)
    expect(others.flatMap(namesIn)).toEqual([])
  })

  it.each([
    ["if (batch.state === 'settled') return", 'settled'],
    ['const next = "linked"', 'linked'],
    ["sql`select 1 from chunk where state in ('received', 'clean')`", 'received'],
    ["db.query(`update batch set state = 'receiving' where id = $1`)", 'receiving'],
    ["return { from: 'clean' }", 'clean'],
  ])('are missed when %s is planted', (text, name) => {
    expect(namesIn({ path: 'reports/a.ts', text })[0]).toBe(`reports/a.ts:1 says ${name}`)
  })
})
