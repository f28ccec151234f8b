import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { compareBridges, mergeBridges, type PlaceChange, partnersIn } from '../../clean/regions/bridge-compare.ts'
import { BRIDGE_LEVELS, type BridgeLevel, isBridgeLevel, PERIOD } from '../../clean/regions/bridge-level.ts'
import { checkRows, type RowReport, readBridgeRows } from '../../clean/regions/bridge-rows.ts'
import { type Place, readPlaces, writePlaces } from '../../clean/regions/places.ts'
import { TitianError } from '../../domain/error.ts'
import { unreadable } from '../client/readable.ts'
import type { CliContext } from '../context.ts'
import { registryFiles, registryRoots } from './local-registry.ts'

type Options = { level: BridgeLevel; period: string; exported?: string; apply?: true; json?: true }

const SHOWN = 10
const IMPORTS = 'imports.csv'

/** `titian regions`: the lists of places in both schemes. */
export function regionsCommand(context: CliContext): Command {
  const command = new Command('regions').description(
    'The region codes of BPS and Kemendagri, and the bridge between them',
  )
  command
    .command('import')
    .description("Compare a list of BPS's bridging service with the one at hand, and with --apply take it over")
    .argument('<file>', 'rows {kode_bps, nama_bps, kode_dagri, nama_dagri} of one level, a JSON array or NDJSON')
    .requiredOption('--level <level>', `${Object.keys(BRIDGE_LEVELS).join(', ')}; from the top`, parseLevel)
    .requiredOption('--period <period>', 'period that was asked for, such as 2025_2.2025', parsePeriod)
    .option('--exported <date>', 'day on which the service was asked, noted beside the list')
    .option('--apply', 'write the list: into TITIAN_REGISTRY, else into the built-in registry')
    .option('--json', 'print JSON')
    .action(async (file: string, options: Options) => {
      const { level, period } = options
      const text = await readFile(file, 'utf8').catch((cause) => {
        throw unreadable(file, cause)
      })
      const files = await registryFiles(context.env)
      const list = (name: string) => readPlaces(files.get(`regions/${name}.csv`)?.text ?? '')
      const { above, file: name } = BRIDGE_LEVELS[level]
      const before = list(name)
      const bridge = checkRows(rowsOf(text, file), level, period, partnersIn(above === undefined ? [] : list(above)))
      const { places, problems, notes } = bridge
      if (places.length === 0)
        throw new TitianError('bad-request', `${file} has no row that can be taken: ${countsOf(problems)}`)
      const changes = compareBridges(before, places, level)
      const path = options.apply ? await writeList(context, name, mergeBridges(before, places)) : undefined
      if (options.apply) await noteImport(context, options, text, places.length)
      const said = { level, period, rows: places.length, problems, notes, changes, written: path ?? null }
      if (options.json) context.out(JSON.stringify(said))
      else for (const line of report(said)) context.out(line)
    })
  return command
}

function rowsOf(text: string, file: string): unknown[] {
  try {
    return readBridgeRows(text)
  } catch (cause) {
    throw new TitianError('bad-request', `${file} is neither a JSON array nor NDJSON`, { cause })
  }
}

/** Written beside and moved into place: a gateway that starts meanwhile reads the one list or the other. */
async function writeList({ env }: CliContext, name: string, places: readonly Place[]): Promise<string> {
  const folder = join(registryRoots(env).at(-1) ?? '', 'regions')
  const path = join(folder, `${name}.csv`)
  await mkdir(folder, { recursive: true })
  await writeFile(`${path}.new`, writePlaces(places))
  await rename(`${path}.new`, path)
  return path
}

/** What list was taken over: level, period, day of the export, rows, and the digest of the file. */
async function noteImport({ env }: CliContext, { level, period, exported }: Options, text: string, rows: number) {
  const path = join(registryRoots(env).at(-1) ?? '', 'regions', IMPORTS)
  const known = await readFile(path, 'utf8').catch(() => 'level,period,exported,rows,sha256\n')
  const sha256 = createHash('sha256').update(text).digest('hex')
  await writeFile(path, `${known}${[level, period, exported ?? '', rows, sha256].join(',')}\n`)
}

function report({
  level,
  period,
  rows,
  problems,
  notes,
  changes,
  written,
}: {
  level: string
  period: string
  rows: number
  problems: RowReport[]
  notes: RowReport[]
  changes: Record<string, PlaceChange[]>
  written: string | null
}): string[] {
  const some = (lines: string[]) => [
    ...lines.slice(0, SHOWN),
    ...(lines.length > SHOWN ? [`    … ${lines.length - SHOWN} more; all with --json`] : []),
  ]
  const rowLines = (reports: RowReport[]) =>
    some(reports.map(({ row, code, bps, kemendagri }) => `    row ${row}  ${code}  ${bps}  ${kemendagri}`))
  return [
    `${level} ${period}: ${rows} rows, ${problems.length} left out`,
    ...(problems.length > 0 ? [`  Left out: ${countsOf(problems)}`, ...rowLines(problems)] : []),
    ...(notes.length > 0 ? [`  Odd but taken: ${countsOf(notes)}`, ...rowLines(notes)] : []),
    ...Object.entries(changes).flatMap(([what, all]) => [
      `  ${what}: ${all.length}`,
      ...some(all.map(({ bps, before, after }) => `    ${[bps, before, after].filter(Boolean).join('  ')}`)),
    ]),
    written === null
      ? 'Nothing is written: --apply takes the list over.'
      : `Written: ${written}. Gateways and workers read it when they start; titian batch release works what was held.`,
  ]
}

function countsOf(reports: readonly RowReport[]): string {
  const counts = new Map<string, number>()
  for (const { code } of reports) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ') || 'it has no rows'
}

function parseLevel(text: string): BridgeLevel {
  if (isBridgeLevel(text)) return text
  throw new InvalidArgumentError(`one of ${Object.keys(BRIDGE_LEVELS).join(', ')}`)
}

function parsePeriod(text: string): string {
  if (PERIOD.test(text)) return text
  throw new InvalidArgumentError('<BPS year>_<semester>.<Kemendagri year>, such as 2025_2.2025')
}
