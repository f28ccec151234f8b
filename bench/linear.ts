import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { partsOf } from '../src/catalogue/coverage.ts'
import { readRegistry } from '../src/catalogue/registry.file.ts'
import { type CompiledDataset, compileRegistry } from '../src/catalogue/registry.ts'
import { MOST_MEMBERS } from '../src/clean/compile/clean-entry.ts'
import type { Json } from '../src/domain/entry.ts'
import type { Platform } from '../src/domain/platform.ts'

/** CPU of one entry at half of a size and at the size, in milliseconds, and how many times as much twice the size costs. */
export type Growth = { dimension: string; size: number; 'half ms': number; 'whole ms': number; times: number }

type Family = Record<string, Json> & { anggota: Record<string, Json>[] }

const ROUNDS = 7
const ROOT = join(import.meta.dirname, '..')

/** Doubles each dimension of a record up to its limit, and tells what that costs to clean and to report. */
export async function measureLinear(): Promise<Growth[]> {
  const registry = compileRegistry(await readRegistry([join(ROOT, 'src/registry')]), () => 'derived')
  const carik = registry.datasets.get('carik')
  const platform = registry.platforms.get('carik-jakarta')
  if (carik === undefined || platform === undefined) throw new Error('the registry has no carik')
  const text = await readFile(join(ROOT, 'tests/samples/carik-jakarta/carik.ndjson'), 'utf8')
  const family = JSON.parse(text.slice(0, text.indexOf('\n'))) as Family
  return DIMENSIONS.map(({ dimension, size, make }) => {
    const [half, whole] = [size / 2, size].map((n) => costOf(carik, platform, make(family, n))) as [number, number]
    return { dimension, size, 'half ms': round(half), 'whole ms': round(whole), times: round(whole / half) }
  })
}

const DIMENSIONS: { dimension: string; size: number; make(family: Family, n: number): Json }[] = [
  {
    dimension: 'good members',
    size: MOST_MEMBERS,
    make: (family, n) => withMembers(family, n, (member, i) => ({ ...member, id_individu: `X-${i}` })),
  },
  { dimension: 'empty members', size: MOST_MEMBERS, make: (family, n) => withMembers(family, n, () => ({})) },
  {
    dimension: 'members of one key',
    size: MOST_MEMBERS,
    make: (family, n) => withMembers(family, n, (member) => member),
  },
  {
    dimension: 'members with findings',
    size: MOST_MEMBERS,
    make: (family, n) =>
      withMembers(family, n, (member, i) => ({ ...member, id_individu: `X-${i}`, nik: '1', tanggal_lahir: '2' })),
  },
  { dimension: 'names of an object', size: 1000, make: (family, n) => ({ ...family, ...named(n) }) },
  {
    dimension: 'signs of an address',
    size: 900_000,
    make: (family, n) => ({ ...family, alamat: 'JL. A '.repeat(n / 6) }),
  },
  {
    dimension: 'odd signs of an address',
    size: 300_000,
    make: (family, n) => ({ ...family, alamat: 'a\u0301'.repeat(n / 2) }),
  },
  { dimension: 'depth', size: 32, make: (family, n) => ({ ...family, alamat: nested(n - 4) }) },
]

function withMembers(family: Family, n: number, make: (member: Record<string, Json>, i: number) => Json): Json {
  const [head = {}] = family.anggota
  return { ...family, anggota: Array.from({ length: n }, (_, i) => make(head, i)) }
}

function named(n: number): Record<string, Json> {
  return Object.fromEntries(Array.from({ length: n - 100 }, (_, i) => [`kolom_${i}`, i]))
}

function nested(depth: number): Json {
  return depth <= 0 ? 1 : [nested(depth - 1)]
}

/** The median CPU of a few rounds, the first of which warm up. */
function costOf(dataset: CompiledDataset, platform: Platform, record: Json): number {
  const entry = { line: 1, form: 'object', text: JSON.stringify(record) } as const
  const costs = Array.from({ length: ROUNDS + 2 }, () => {
    const before = process.cpuUsage()
    partsOf(dataset, entry, dataset.clean(entry, platform))
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return costs.slice(2).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
