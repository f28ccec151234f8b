import { readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { TSchema } from 'typebox'
import { buildProgram } from '../../src/cli/program.ts'
import { SETTINGS } from '../../src/config.ts'
import { CONSOLE_RIGHTS } from '../../src/console/rights.ts'
import { ROLES } from '../../src/trust/people/roles.ts'

type Section = { page: string; render(): string }

/** The tables of documents that are made from code, by the name of their markers. */
export const SECTIONS: Readonly<Record<string, Section>> = {
  settings: { page: 'docs/operations/settings.md', render: renderSettings },
  commands: { page: 'docs/commands.md', render: renderCommands },
  rights: { page: 'docs/operations/people.md', render: renderRights },
}

/** What stands between the markers of a section now. */
export function readSection(name: string, { page }: Pick<Section, 'page'>): string | undefined {
  return new RegExp(`<!-- ${name} -->\n([^]*?)<!-- /${name} -->`).exec(readFileSync(placeOf(page), 'utf8'))?.[1]
}

function placeOf(page: string): URL {
  return new URL(`../../${page}`, import.meta.url)
}

/** Writes every section anew: `npm run readme`. */
export function writeSections(): void {
  for (const [name, { page, render }] of Object.entries(SECTIONS)) {
    const text = readFileSync(placeOf(page), 'utf8').replace(
      new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`),
      (_all, open: string, close: string) => open + render() + close,
    )
    writeFileSync(placeOf(page), text)
  }
}

function renderSettings(): string {
  const rows = Object.entries(SETTINGS as Record<string, TSchema & { description?: string; default?: unknown }>).map(
    ([name, schema]) => {
      const standard = schema.default === undefined ? '' : `\`${schema.default}\``
      return `| \`${name}\` | ${standard} | ${schema.description} |\n`
    },
  )
  return `| variable | default | meaning |\n| --- | --- | --- |\n${rows.join('')}`
}

function renderRights(): string {
  const roles = Object.keys(ROLES)
  const rows = Object.values(CONSOLE_RIGHTS).map(({ en, roles: may }) => {
    const marks = roles.map((role) => (may.some((one) => one === role) ? ' yes' : ' '))
    return `| ${en} |${marks.join(' |')} |\n`
  })
  return `| right | ${roles.map((role) => `\`${role}\``).join(' | ')} |\n| --- |${' --- |'.repeat(roles.length)}\n${rows.join('')}`
}

function renderCommands(): string {
  const ignore = () => undefined
  const program = buildProgram({
    env: {},
    out: ignore,
    err: ignore,
    exit: ignore,
    interactive: false,
    dataDir: '.titian',
    signal: new AbortController().signal,
    openDatabase: () => Promise.reject(new Error('no database here')),
  })
  const rows = [...walk(program, '')].map(([name, meaning]) => `| \`${name}\` | ${meaning} |\n`)
  return `| command | what it does |\n| --- | --- |\n${rows.join('')}`
}

function* walk(command: Command, path: string): Generator<[string, string]> {
  for (const inner of command.commands) {
    const name = `${path} ${inner.name()}`.trim()
    if (inner.commands.length > 0) yield* walk(inner, name)
    else yield [name, inner.description()]
  }
}

if (process.argv[1] === import.meta.filename) writeSections()
