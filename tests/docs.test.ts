import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const OWN = relative(ROOT, import.meta.filename)

const HERE = (name: string) => !/(^|\/)(node_modules|\.titian|\.git)(\/|$)/.test(name)
const PAGES = globSync('**/*.md', { cwd: ROOT }).filter(HERE).sort()
const SOURCES = globSync('{src,tests,bench}/**/*.{ts,yaml,sql}', { cwd: ROOT })
  .filter((name) => !name.startsWith('tests/samples/'))
  .sort()

/** Documents that were never part of this repository, and ways of naming what stands in them. */
const ABSENT = [
  /\b(faults|LAYOUTS|design|style|peers|users)\.md\b/,
  /\bdomain\/[\w/-]+\.(md|json)\b/,
  /\b(design|faults|style), (decision|section|rule)\b/i,
  /\b(design decision|decision of the design|issue) #?\d+\b/i,
  /\((faults|design|style|peers)[ ,]+[A-Z]?\d+\)/i,
]

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g
const CODE = /```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g
const PLACE = /(?:^|[\s@(=])((?:src|tests|bench|docs|openapi|\.ci)\/[^\s)"',;]*)/g

/** The text without code, in which links are looked for. */
const withoutCode = (text: string) => text.replace(CODE, '')

/** What GitHub makes of a heading: small letters, no signs, blanks to hyphens; the second of a name gets `-1`. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  const seen = new Map<string, number>()
  for (const [, title = ''] of text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    anchors.add(count === 0 ? slug : `${slug}-${count}`)
  }
  return anchors
}

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8')

/** Links of a page that lead nowhere: the file is not there, or the heading is not in it. */
function brokenLinks(page: string, text: string): string[] {
  return [...withoutCode(text).matchAll(LINK)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?|mailto):/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), decodeURIComponent(path))
      if (!existsSync(join(ROOT, file))) return true
      if (anchor === undefined) return false
      return !anchorsOf(file === page ? text : read(file)).has(anchor)
    })
}

/** Places of the repository that a page names in code and that are not there; `*` and `{a,b}` may stand for names. */
function missingPlaces(text: string): string[] {
  const code = [...text.matchAll(CODE)].map(([, block, line]) => block ?? line ?? '')
  return code
    .flatMap((piece) => [...piece.matchAll(PLACE)].map(([, place = '']) => place.replace(/[.:]+$/, '')))
    .filter((place) => !/[<…]|NAME|NNNN/.test(place))
    .filter((place) => globSync(place.replace(/:\d+$/, ''), { cwd: ROOT }).length === 0)
}

/** Mentions of documents that are not in this repository. */
function absentDocuments(text: string): string[] {
  return ABSENT.flatMap((pattern) => pattern.exec(text)?.[0] ?? [])
}

/** Source files that comments name. */
function filesInComments(text: string): string[] {
  const comments = [...text.matchAll(/\/\*\*[\s\S]*?\*\/|(?<![:'"`])\/\/ .*$/gm)].map(([comment]) => comment)
  return comments.flatMap((comment) => comment.match(/[\w/-][\w./-]*\.ts\b/g) ?? [])
}

describe('the documents', () => {
  it('are seen, and so are the sources', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'docs/glossary.md', 'src/registry/ADDING.md']))
    expect(SOURCES.length).toBeGreaterThan(400)
  })

  it.for(PAGES)('%s links to what is there', (page) => {
    expect(brokenLinks(page, read(page))).toEqual([])
  })

  it.for(PAGES)('%s names files that are there', (page) => {
    expect(missingPlaces(read(page))).toEqual([])
  })

  it('name no document from elsewhere, nor do comments', () => {
    const named = [...PAGES, ...SOURCES]
      .filter((file) => file !== OWN)
      .flatMap((file) => absentDocuments(read(file)).map((name) => `${file}: ${name}`))
    expect(named).toEqual([])
  })

  it('number the decisions without a gap, and list each of them', () => {
    const pages = PAGES.filter((page) => /^docs\/decisions\/\d/.test(page))
    const numbers = pages.map((page) => Number(/\/(\d{4})-/.exec(page)?.[1]))
    expect(numbers).toEqual(numbers.map((_, at) => at + 1))
    const list = read('docs/decisions/README.md')
    expect(pages.filter((page) => !list.includes(`(${page.slice('docs/decisions/'.length)})`))).toEqual([])
  })

  it('name tests that are there for all that broke once', () => {
    const rows = read('docs/regressions.md').matchAll(/\| `(tests\/\S+)`: "(.*?)" \|/g)
    const named = [...rows].map(([, file = '', title = '']) => ({ file, title, isThere: read(file).includes(title) }))
    expect(named.length).toBeGreaterThan(90)
    expect(named.filter(({ isThere }) => !isThere)).toEqual([])
  })

  it('name every crash point, and no other', () => {
    const said = /## A crash point[\s\S]*/.exec(read('docs/debugging.md'))?.[0] ?? ''
    const points = globSync('src/**/*.ts', { cwd: ROOT })
      .flatMap((file) => [...read(file).matchAll(/\bcrash\(\s*['`]([^'`]+)['`]/g)].map(([, point = '']) => point))
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the source says it
      .map((point) => point.replace('${stage.name}', 'STAGE'))
    const rows = [...said.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]*:[^`]*)`/g)].map(([, point = '']) => point),
    )
    expect(rows.sort()).toEqual([...new Set(points)].sort())
  })
})

describe('comments of the sources', () => {
  const names = new Set(
    globSync('**/*.ts', { cwd: ROOT })
      .filter(HERE)
      .map((file) => basename(file)),
  )

  it('name files that are there', () => {
    const missing = SOURCES.filter((file) => /^(src|bench)\/.*\.ts$/.test(file)).flatMap((file) =>
      filesInComments(read(file))
        .filter((name) => !names.has(basename(name)))
        .map((name) => `${file}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('are read wherever they stand', () => {
    const text =
      "const a = 'none.ts' // see one.ts\n/** As two.db.ts does,\n * and src/three.ts. */\nimport './four.ts'"
    expect(filesInComments(text)).toEqual(['one.ts', 'two.db.ts', 'src/three.ts'])
  })
})

describe('the checks', () => {
  it.for([
    ['[a](docs/none.md)', 'docs/none.md'],
    ['[a](README.md#no-such-heading)', 'README.md#no-such-heading'],
    ['# A heading\n[a](#another)', '#another'],
  ] as const)('notice that %s leads nowhere', ([text, link]) => {
    expect(brokenLinks('README.md', text)).toEqual([link])
  })

  it('find a heading with signs, and the second of one name', () => {
    const text = '## `link explain`, once\n## Twice\n## Twice\n[a](#link-explain-once) [b](#twice) [c](#twice-1)'
    expect(brokenLinks('README.md', text)).toEqual([])
  })

  it.for([
    ['see `src/none.ts`', 'src/none.ts'],
    ['run `npx vitest run tests/none -u`', 'tests/none'],
    ['```sh\ncat docs/none.md\n```', 'docs/none.md'],
    ['all of `src/none/*.ts`', 'src/none/*.ts'],
  ] as const)('notice that in %s a file is not there', ([text, place]) => {
    expect(missingPlaces(text)).toEqual([place])
  })

  it.for(['(faults.md, I6)', '(design, decision 10)', 'data/sample/LAYOUTS.md', 'domain/names.md', 'see issue 11'])(
    'notice "%s"',
    (text) => {
      expect(absentDocuments(`/** Why. ${text} */`)).not.toEqual([])
    },
  )
})
