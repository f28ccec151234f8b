import { describe, expect, it } from 'vitest'
import { codeOf, importsOf, planted, SOURCES, type Tree } from './tree.ts'

/** Packages that few may import, and who may. */
const FENCES: Readonly<Record<string, (path: string) => boolean>> = {
  bullmq: (path) => path === 'io/queue.ts',
  undici: (path) => path.endsWith('.client.ts'),
  fastify: (path) => /\.(route|http)\.ts$|^app[\w-]*\.ts$|^io\/http\/|^trust\/access\/|^receiver\//.test(path),
}

/** Imports of a fenced package, or of a part of one, by a file outside the fence. */
function fenceFaults(tree: Tree): string[] {
  return importsOf(tree)
    .filter(({ from, to }) => FENCES[to.split('/')[0] ?? '']?.(from) === false)
    .map(({ from, to }) => `${from} imports ${to}`)
}

/** Files that read the environment; only main.ts may. */
function environmentFaults(tree: Tree): string[] {
  const readers =
    /\bprocess\.env\b|\bprocess\[|\benv\b[^;\n]*\}\s*=\s*process\b|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"]node:process/
  return [...tree].filter(([path, text]) => path !== 'main.ts' && readers.test(codeOf(text))).map(([path]) => path)
}

describe('packages', () => {
  it('are seen in the source tree', () => {
    const seen = importsOf(SOURCES)
    expect(seen).toContainEqual({ from: 'io/queue.ts', to: 'bullmq', isType: false })
    for (const name of Object.keys(FENCES)) expect(seen.some(({ to }) => to === name)).toBe(true)
  })

  it('stay behind their fences', () => {
    expect(fenceFaults(SOURCES)).toEqual([])
  })

  it.each([
    ['engine/dispatch.db.ts', "import { Queue } from 'bullmq'"],
    ['cli/run/work.ts', "import { Worker } from 'bullmq'"],
    ['forward/forward.stage.ts', "const { Pool } = await import('undici')"],
    ['cli/client/push.ts', "import { request } from 'undici'"],
    ['forward/sign.ts', "export { fastify } from 'fastify'"],
    ['trust/keys/vault.ts', "import type { FastifyRequest } from 'fastify'"],
    ['engine/runner.ts', "import type { Job } from 'bullmq/dist/classes/job.js'"],
  ])('are noticed outside, in %s', (path, text) => {
    expect(fenceFaults(planted(path, text))).toEqual([expect.stringContaining(path)])
  })
})

describe('the environment', () => {
  it('is read in main.ts alone', () => {
    expect(SOURCES.get('main.ts')).toContain('process.env')
    expect(environmentFaults(SOURCES)).toEqual([])
  })

  it.each([
    'const url = process.env.DATABASE_URL',
    'const { env } = process',
    "import { env } from 'node:process'",
    "const url = process['env'].DATABASE_URL",
  ])('is noticed elsewhere: %s', (text) => {
    expect(environmentFaults(planted('io/queue.ts', text))).toEqual(['io/queue.ts'])
  })
})
