import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const PAGES = globSync('docs/security/*.md', { cwd: ROOT }).sort()

type Row = { page: string; cells: string[] }

/** Rows of the tables that end in a proof. */
function rowsOf(page: string, text: string): Row[] {
  const rows: Row[] = []
  let isProof = false
  for (const line of text.split('\n')) {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (cells.length === 0) isProof = false
    else if (cells.at(-1) === 'proven by') isProof = true
    else if (isProof && !/^-+$/.test(cells[0] ?? '')) rows.push({ page, cells })
  }
  return rows
}

/** What is wrong with a row; undefined when it names tests that are there, or says that it is open and why. */
function faultOf({ cells }: Row): string | undefined {
  const proof = cells.at(-1) ?? ''
  if (/^open: \S/.test(proof)) return undefined
  const tests = [...proof.matchAll(/`(tests\/[^`]+)`/g)].map(([, path = '']) => path)
  if (tests.length === 0) return `${cells[0]}: neither a test nor open`
  const gone = tests.filter((path) => !existsSync(join(ROOT, path)) || !holdsTests(path))
  return gone.length === 0 ? undefined : `${cells[0]}: no tests in ${gone.join(', ')}`
}

const holdsTests = (path: string) =>
  path.endsWith('.test.ts') || globSync(`${path}/**/*.test.ts`, { cwd: ROOT }).length > 0

describe('the tables of docs/security', () => {
  const rows = PAGES.flatMap((page) => rowsOf(page, readFileSync(join(ROOT, page), 'utf8')))

  it('name for each row a test that is there, or say that it is open', () => {
    expect(rows.length).toBeGreaterThan(80)
    expect(rows.map(faultOf).filter((fault) => fault !== undefined)).toEqual([])
  })

  it('would be found to lie', () => {
    const page = (proof: string) => `| threat | proven by |\n| --- | --- |\n| x | ${proof} |\n`
    for (const proof of ['', 'by care', '`tests/none.test.ts`', '`tests/samples`', 'open:', 'open'])
      expect(rowsOf('', page(proof)).map(faultOf), proof).not.toEqual([undefined])
  })
})
