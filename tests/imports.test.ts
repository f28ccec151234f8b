import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

type Import = { from: string; to: string }

const SRC = join(import.meta.dirname, '..', 'src')
const STAGES = ['intake', 'clean', 'link', 'forward', 'results']
const EDGE = /\.(stage|job|route|http|db|sql|client|file)\.ts$/
const IMPORT = /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
const CORE_MAY = ['domain', 'language', 'engine']
const EDGE_MAY = ['domain', 'language', 'io', 'trust', 'engine']

/** Packages that few may import, and who may. */
const FENCES: Record<string, (file: string) => boolean> = {
  bullmq: (file) => file === 'io/queue.ts',
  undici: (file) => file.endsWith('.client.ts'),
  fastify: (file) => /\.(route|http)\.ts$|^app\.ts$|^io\/http\/|^trust\/|^receiver\//.test(file),
}

/** Every import of a source file, relative ones as paths below src. */
function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(([, plain, dynamic]) => {
    const name = plain ?? dynamic ?? ''
    return {
      from: file,
      to: name.startsWith('.')
        ? normalize(join(dirname(file), name))
            .split(sep)
            .join('/')
        : name,
    }
  })
}

/** The rule that an import breaks, in a sentence; undefined when it breaks none. */
function faultOf({ from, to }: Import): string | undefined {
  const [folder = ''] = from.includes('/') ? from.split('/') : ['']
  const fence = FENCES[to]
  if (fence !== undefined && !fence(from)) return `${from} imports ${to}, which is fenced`
  if (!to.endsWith('.ts') || folder === '') return undefined
  const [target = ''] = to.includes('/') ? to.split('/') : [to]
  if (target === folder) return undefined
  if (['main.ts', 'app.ts', 'pipeline.ts'].includes(target) && folder !== 'cli')
    return `${from} imports ${to}, which is above it`
  if (folder === 'domain') return `${from} imports ${to}: the domain imports nothing of ours`
  if (['io', 'engine'].includes(folder) && STAGES.includes(target))
    return `${from} imports ${to}: ${folder} knows no stage`
  if (!STAGES.includes(folder)) return undefined
  if (to === 'io/http/openapi.ts') return undefined
  if ((EDGE.test(from) ? EDGE_MAY : CORE_MAY).includes(target)) return undefined
  return STAGES.includes(target)
    ? `${from} imports ${to}, another stage`
    : `${from} imports ${to}: not from a core file`
}

function sources(): string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts')).map((file) => relative('.', file).split(sep).join('/'))
}

const all = sources().flatMap((file) => importsOf(file, readFileSync(join(SRC, file), 'utf8')))

describe('the import rules', () => {
  it('see the source tree', () => {
    expect(all.length).toBeGreaterThan(300)
    expect(all).toContainEqual({ from: 'io/queue.ts', to: 'bullmq' })
    expect(all).toContainEqual({ from: 'pipeline.ts', to: 'link/link.stage.ts' })
  })

  it('are kept everywhere', () => {
    expect(all.map(faultOf).filter((fault) => fault !== undefined)).toEqual([])
  })

  it.each([
    ['link/subjects/merge.ts', "import { claim } from '../../clean/claim.ts'"],
    ['clean/clean.ts', "import type { Db } from '../io/postgres.ts'"],
    ['domain/entry.ts', "import { sql } from '../io/sql.ts'"],
    ['engine/runner.ts', "import { cleanStage } from '../clean/clean.stage.ts'"],
    ['engine/dispatch.db.ts', "import { Queue } from 'bullmq'"],
    ['forward/forward.stage.ts', "const { Pool } = await import('undici')"],
    ['forward/sign.ts', "export { fastify } from 'fastify'"],
    ['link/link.stage.ts', "import { pipeline } from '../pipeline.ts'"],
  ])('notice what is planted in %s', (file, text) => {
    expect(importsOf(file, text).map(faultOf)).toEqual([expect.stringContaining(file)])
  })

  it('let the environment be read in main.ts alone', () => {
    const readers = sources().filter((file) => /\bprocess\.env\b/.test(readFileSync(join(SRC, file), 'utf8')))
    expect(readers).toEqual(['main.ts'])
  })
})
