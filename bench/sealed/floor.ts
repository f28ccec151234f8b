// The sealed floor: one process that parses, validates, seals, indexes and copies as many rows and bytes as the whole way wrote
// for the same families, into tables with the same indexes, with a commit a chunk. Prints families a second, and CPU for each.
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { zstdCompressSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { packEntries } from '../../src/engine/chunks/packing.ts'
import { sealRaw } from '../../src/engine/chunks/sealed-chunk.ts'
import { type CopyType, copyRows } from '../../src/io/postgres/copy.ts'
import { inTransaction, openPool } from '../../src/io/postgres/postgres.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { aad, openVault } from '../../src/trust/keys/vault.ts'
import { serverSeconds } from '../cpu.ts'
import { type Copied, countIndexes, readParts, SHAPES } from './tables.ts'

const SCHEMA = new URL('../../src/registry/datasets/carik/1/schema.json', import.meta.url)
const ROUNDS = 3
const PLATFORM = 'carik-jakarta'

/** Families a second, and CPU for each in microseconds, PostgreSQL's with it. */
export type SealedFloor = { perSecond: number; cpuUs: number }

/** What one commit holds; `entries` lines come into it. */
type Part = { entries: number; indexes: number; tables: { of: Copied; rows: (Buffer | null)[][] }[] }

const [from = '', into = '', file = '', data = ''] = process.argv.slice(2)
const validate = new Ajv2020({ allErrors: true, strict: false, formats: { date: true } }).compile(
  JSON.parse(readFileSync(SCHEMA, 'utf8')),
)
const vault = openVault(createKeyRing(new Date(0)))
const sealing = vault.seal(Buffer.alloc(0), '').length
const source = openPool(from, 1)
const parts = await readAll()
const db = openPool(into, 1)
const batch = await readParts(source, { table: 'batch' }, 1)
await inTransaction(db, (tx) => copyRows(tx, 'batch', asBinary(batch.columns), batch.parts.flat()))
const runs: SealedFloor[] = []
while (runs.length < ROUNDS) runs.push(await run())
await source.end()
await db.end()
const median = runs.sort((a, b) => a.perSecond - b.perSecond)[ROUNDS >> 1]
process.stdout.write(`${JSON.stringify(median)}\n`)

/** Everything is in memory before the clock runs: reading it back is not part of the floor. */
async function readAll(): Promise<Part[]> {
  const { rows: chunks } = await source.query<{ entries: number }>('select entries from chunk order by first_line')
  const tables: Copied[] = []
  for (const shape of SHAPES) tables.push(await readParts(source, shape, chunks.length))
  return chunks.map(({ entries }, at) => ({
    entries,
    indexes: countIndexes(tables, at),
    tables: tables.map((of) => ({ of, rows: of.parts[at] ?? [] })),
  }))
}

async function run(): Promise<SealedFloor> {
  for (const { table } of SHAPES.toReversed()) await db.query(`truncate ${table} cascade`)
  const idle = spentSeconds()
  const started = performance.now()
  let lines: string[] = []
  let families = 0
  let part = 0
  for await (const text of createInterface({ input: createReadStream(file) })) {
    if (!validate(JSON.parse(text))) throw new Error('a family does not fit the schema')
    families += 1
    if (lines.push(text) < (parts[part]?.entries ?? 0)) continue
    await save(parts[part] as Part, lines)
    lines = []
    part += 1
  }
  const seconds = (performance.now() - started) / 1000
  return { perSecond: families / seconds, cpuUs: ((spentSeconds() - idle) * 1e6) / families }
}

/** CPU seconds of this process and of the server. */
function spentSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + serverSeconds(data)
}

async function save({ indexes, tables }: Part, texts: readonly string[]): Promise<void> {
  const packed = packEntries(texts.map((text, at) => ({ line: at + 1, form: 'object', text })))
  const raw = await sealRaw(vault, { id: 'chunk', platform: PLATFORM }, packed)
  const payload = vault.seal(zstdCompressSync(packed), aad(PLATFORM, 'delivery', 'delivery', 'payload'))
  for (let made = 0; made < indexes; made++) vault.index('name', `floor|${PLATFORM}|individu|IDV-${made}`)
  const sealOf = (table: string, old: Buffer): Buffer => {
    if (table === 'chunk') return raw
    if (table === 'delivery') return payload
    return vault.seal(packed.subarray(0, old.length - sealing), aad(PLATFORM, table, 'row', 'record'))
  }
  await inTransaction(db, async (tx) => {
    for (const { of, rows } of tables) {
      const { table, columns, sealedAt } = of
      const sealed = rows.map((row) => {
        const old = row[sealedAt]
        return old == null ? row : row.with(sealedAt, sealOf(table, old))
      })
      await copyRows(tx, table, asBinary(columns), sealed)
    }
  })
}

/** Every field is handed over as the bytes that it is in binary, whatever its type. */
function asBinary(columns: readonly string[]): Record<string, CopyType> {
  return Object.fromEntries(columns.map((name) => [name, 'bytea']))
}
