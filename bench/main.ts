// npm run bench: what the whole way costs, beside a floor that is measured in the same run on the same machine.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { measureBody } from './body.ts'
import { measureFlood } from './flood.ts'
import { startBench } from './system.ts'
import { measureWhole } from './whole.ts'

const { values: options } = parseArgs({
  options: {
    families: { type: 'string', default: '20000' },
    workers: { type: 'string', default: '2' },
    queue: { type: 'string', default: 'postgres' },
    json: { type: 'string' },
    /** Instead: upload a body of so many megabytes and tell the gateway's peak memory. */
    body: { type: 'string' },
    /** Instead: how long small batches take while another platform floods. */
    flood: { type: 'boolean', default: false },
  },
})

await using bench = await startBench({
  workers: Number(options.workers),
  queue: options.queue === 'redis' ? 'redis' : 'postgres',
})
const result = await measure()
console.table(flat(result))
if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`)

function measure(): Promise<object> {
  if (options.body !== undefined) return measureBody(bench, Number(options.body))
  if (options.flood) return measureFlood(bench, Number(options.families))
  return measureWhole(bench, Number(options.families))
}

/** Nested figures under dotted names, so that the table has one column. */
function flat(figures: object, path = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(flat(value, `${path}${name}.`))
        : [[`${path}${name}`, value]],
    ),
  )
}
