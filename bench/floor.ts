// The floor: one process that only parses, validates with Ajv and copies the same bytes into the same PostgreSQL.
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { copyRows } from '../src/io/postgres/copy.ts'
import { inTransaction, openPool } from '../src/io/postgres/postgres.ts'

const SCHEMA = new URL('../src/registry/datasets/carik/1/schema.json', import.meta.url)
const CHUNK = 2000

const [url = '', file = ''] = process.argv.slice(2)
const validate = new Ajv2020({ allErrors: true, strict: false, formats: { date: true } }).compile(
  JSON.parse(readFileSync(SCHEMA, 'utf8')),
)
const db = openPool(url, 1)
await db.query('drop table if exists floor; create table floor (line int4 not null, body text not null)')
const started = performance.now()
let line = 0
let rows: [number, string][] = []
const save = () => inTransaction(db, (tx) => copyRows(tx, 'floor', { line: 'int4', body: 'text' }, rows))
for await (const text of createInterface({ input: createReadStream(file) })) {
  line += 1
  if (!validate(JSON.parse(text))) throw new Error(`line ${line} does not fit the schema`)
  if (rows.push([line, text]) < CHUNK) continue
  await save()
  rows = []
}
await save()
const seconds = (performance.now() - started) / 1000
await db.query('drop table floor')
await db.end()
process.stdout.write(`${line / seconds}\n`)
