// npm run bench: what the whole way costs, beside a floor that is measured in the same run on the same machine.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { measureBody } from './body.ts'
import { measureClean } from './cleaning.ts'
import { measureContention } from './contend/contend.ts'
import { FLOOD_RECORDS, measureFlood } from './flood/flood.ts'
import { measureGrowth } from './grow/grow.ts'
import { measureLinear } from './linear.ts'
import { measureLinking } from './linking.ts'
import { measurePoison, POISONED } from './poison.ts'
import { writePopulationTo } from './population/command.ts'
import { measureQuality, type Quality } from './quality/quality.ts'
import { readSettings, SETTINGS } from './quality/settings.ts'
import { measureRace, type Race } from './race/race.ts'
import { startBench } from './system.ts'
import { measureWhole } from './whole.ts'
import { measureWorkbook } from './workbook/measure.ts'

const STDOUT = '-'

const { values: options } = parseArgs({
  args: withFileOfJson(process.argv.slice(2)),
  options: {
    families: { type: 'string', default: '20000' },
    workers: { type: 'string', default: '2' },
    queue: { type: 'string', default: 'postgres' },
    /** Writes the figures to a file; without one, prints them in the place of the tables. */
    json: { type: 'string' },
    /** Instead: upload a body of so many megabytes and tell the gateway's peak memory. */
    body: { type: 'string' },
    /** Instead: upload a workbook of so many rows of 32 columns and tell the gateway's peak memory. */
    workbook: { type: 'string' },
    /** Instead: how long batches of 100 records take while another platform floods by so many records (--records). */
    flood: { type: 'boolean', default: false },
    records: { type: 'string', default: String(FLOOD_RECORDS) },
    /** Instead: how long small batches take while a record of another platform burns CPU. */
    poison: { type: 'boolean', default: false },
    /** Instead: the same families through Titian and through what a team would build instead. */
    race: { type: 'boolean', default: false },
    /** Instead: only how fast one core cleans each dataset. */
    clean: { type: 'boolean', default: false },
    /** Instead: what doubling each dimension of a record costs, up to the limits. */
    linear: { type: 'boolean', default: false },
    /** Instead: how fast chunks are linked when there are so many subjects (--link 10000,100000). */
    link: { type: 'string' },
    /** Instead: how so many workers that link at once wait for each other. */
    contend: { type: 'string' },
    /** Instead: the whole way while subjects grow to so many subjects (--grow 10000,1000000,10000000), and the nation's size. */
    grow: { type: 'string' },
    /** Instead: how well unseen populations are linked; --settings seed:persons:dirt:clash[:nation][:order=N],… for others than the usual. */
    quality: { type: 'boolean', default: false },
    settings: { type: 'string' },
    /** With --quality: a folder of samples and their truth, instead of invented populations. */
    samples: { type: 'string' },
    /** Instead: write an invented population to a folder, of this seed, size, dirt and clash, like a nation or like the sample. */
    population: { type: 'string' },
    seed: { type: 'string', default: '1' },
    persons: { type: 'string', default: '5000' },
    dirt: { type: 'string', default: '1' },
    clash: { type: 'string', default: '0' },
    nation: { type: 'boolean', default: false },
  },
})

const result = await measure()
const { clean, linear, link, contend, grow, nation, quality, race, ...figures } = result
const { contestants, ...ratios } = (race ?? {}) as Partial<Race>
const single = { ...figures, ...ratios }
const text = JSON.stringify(result, null, 2)
if (options.json === STDOUT) console.log(text)
else {
  if (Object.keys(single).length > 0) console.table(flat(single))
  for (const rows of [clean, linear, link, contend, grow, nation, quality, contestants])
    if (rows !== undefined) console.table(rows)
  if (options.json) await writeFile(options.json, `${text}\n`)
}

/** `--json` with nothing behind it names standard output. */
function withFileOfJson(args: readonly string[]): string[] {
  const isAlone = (at: number) => args[at] === '--json' && (args[at + 1] ?? '--').startsWith('--')
  return args.map((arg, at) => (isAlone(at) ? `${arg}=${STDOUT}` : arg))
}

async function measure(): Promise<Record<string, unknown>> {
  if (options.clean) return { clean: await measureClean() }
  if (options.linear) return { linear: await measureLinear() }
  if (options.link !== undefined) return { link: await measureLinking(sizes(options.link)) }
  if (options.contend !== undefined) return { contend: await measureContention(Number(options.contend)) }
  if (options.quality) return { quality: await measureAll() }
  if (options.population !== undefined) {
    const { seed, persons, dirt, clash, nation } = options
    const recipe = { seed: Number(seed), persons: Number(persons), dirt: Number(dirt), clash: Number(clash), nation }
    return await writePopulationTo(options.population, recipe)
  }
  const queue = options.queue === 'redis' ? 'redis' : 'postgres'
  if (options.race) return { race: await measureRace(Number(options.families), queue) }
  const started = { workers: Number(options.workers), queue } as const
  if (options.grow !== undefined) return await measureGrowth(sizes(options.grow), { ...started, say: console.error })
  await using bench = await startBench({
    ...started,
    settings: {
      ...(options.poison && { POISON_AT: `burn:${POISONED}` }),
      // What the workers log of each chunk tells where a batch has waited.
      ...(options.flood && { LOG_LEVEL: 'info' }),
    },
  })
  if (options.poison) return await measurePoison(bench)
  if (options.body !== undefined) return await measureBody(bench, Number(options.body))
  if (options.workbook !== undefined) return await measureWorkbook(bench, Number(options.workbook))
  if (options.flood) return await measureFlood(bench, Number(options.records))
  return { ...(await measureWhole(bench, Number(options.families))), clean: await measureClean() }
}

function sizes(list: string): number[] {
  return list.split(',').map(Number)
}

async function measureAll(): Promise<Quality[]> {
  if (options.samples !== undefined)
    return [await measureQuality({ seed: Number(options.seed), persons: 0, dirt: 0, clash: 0 }, options.samples)]
  const rows: Quality[] = []
  for (const recipe of options.settings === undefined ? SETTINGS : readSettings(options.settings)) {
    rows.push(await measureQuality(recipe))
    console.error(JSON.stringify(rows.at(-1)))
  }
  return rows
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
