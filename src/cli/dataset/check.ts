import { basename } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { chooseDataset } from '../../catalogue/choose.ts'
import { Coverage, partsOf } from '../../catalogue/coverage.ts'
import type { CompiledDataset, Registry } from '../../catalogue/registry.ts'
import { ANYWHERE } from '../../clean/mapping/any-platform.ts'
import { TitianError } from '../../domain/error.ts'
import type { Platform } from '../../domain/platform.ts'
import { FileSigns } from '../../engine/signs/file-signs.ts'
import { judgeFile } from '../../engine/signs/judge-file.ts'
import { fileFindingsIn } from '../../engine/signs/shape.ts'
import { FileKeys } from '../../intake/file-keys.ts'
import { INTAKE_FINDINGS } from '../../intake/findings.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import { LINK_FINDINGS } from '../../link/findings.ts'
import type { CliContext } from '../context.ts'
import { fileEntries } from './file-entries.ts'
import { localRegistry } from './local-registry.ts'
import { noSuchDataset } from './no-such-dataset.ts'
import { readOtherFiles } from './other-files.ts'
import { RepeatedKeys } from './repeated-keys.ts'

type Options = {
  platform?: string
  dataset: string
  json?: boolean
  language: 'id' | 'en'
  sheet?: string
  headerRow?: number
}

/** `titian check`: what the gateway would say about a file, without a gateway. */
export function checkCommand(context: CliContext): Command {
  return new Command('check')
    .description('Show what the gateway would find in a file: outcomes, findings, coverage. Nothing is sent')
    .argument('<file>', '.ndjson, .json (an array), .csv or .xlsx, also as .gz or .zst')
    .argument(
      '[others...]',
      'files of other datasets that its mapping looks values up in; LOOKUP=FILE where it has several',
    )
    .requiredOption(
      '--dataset <name>',
      'dataset that the file is of; name@version for another version than new batches get',
    )
    .option(
      '--platform <name>',
      'platform that would push; without it the only one that may, else no region scope is checked',
    )
    .option(
      '--sheet <name>',
      'of a workbook: the sheet, by name or by number from 1; else the only one that has the columns',
    )
    .option(
      '--header-row <number>',
      'of a workbook: the row of the column names; else the first that has them',
      wholeNumber,
    )
    .option('--json', 'print one line of JSON for each entry and nested member')
    .addOption(new Option('--language <code>', 'language of the report').choices(['id', 'en']).default('id'))
    .action(async (file: string, given: string[], options: Options) => {
      const registry = await localRegistry(context.env)
      const dataset = chooseDataset(registry, options.dataset)
      if (dataset === undefined) throw noSuchDataset(registry.versions, options.dataset, registry.draftFaults)
      const platform = platformFor(registry, dataset.name, options.platform, context.err)
      using others = await readOtherFiles(dataset, given, registry)
      const coverage = new Coverage(dataset)
      const keys = new FileKeys()
      const signs = new FileSigns()
      const repeated = new RepeatedKeys()
      const { sheet, headerRow } = options
      const choice = { ...(sheet !== undefined && { sheet }), ...(headerRow !== undefined && { headerRow }) }
      for await (const entry of fileEntries(file, dataset.format, choice)) {
        const cleaned = dataset.clean(entry, platform, others)
        signs.add(cleaned)
        const result = keys.judge(cleaned)
        repeated.add(cleaned, result)
        coverage.add(entry, result)
        if (options.json) for (const part of partsOf(dataset, entry, result)) context.out(JSON.stringify(part))
      }
      // A gateway alone knows how many records came the last time.
      const whole = judgeFile(signs.stored(), { platform, before: undefined })
      if (options.json) return
      for (const line of report(coverage, dataset, registry, options.language, basename(file))) context.out(line)
      for (const line of repeatedLines(repeated, options.language)) context.out(line)
      for (const line of wholeFile(fileFindingsIn(whole, options.language), options.language)) context.out(line)
    })
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError('a whole number above 0 is wanted')
  return Number(text)
}

/** The platform named, else the only one that may push the dataset; where several may, the region scope is left open and said so. */
function platformFor(
  { platforms }: Registry,
  dataset: string,
  name: string | undefined,
  warn: (line: string) => void,
): Platform {
  const known = [...platforms.keys()]
  if (name !== undefined) {
    const platform = platforms.get(name)
    const hint = didYouMean(name, known, `Known: ${known.join(', ')}`)
    if (platform === undefined) throw new TitianError('not-found', `There is no platform ${name}. ${hint}`)
    if (!platform.datasets.includes(dataset))
      warn(`${name} has no agreement for ${dataset}: the gateway would refuse it.`)
    return platform
  }
  const pushing = [...platforms.values()].filter(({ datasets }) => datasets.includes(dataset))
  if (pushing.length === 1 && pushing[0] !== undefined) return pushing[0]
  const who = pushing.map((platform) => platform.name).join(', ') || 'no platform'
  warn(`${who} may push ${dataset}: without --platform no region scope is checked.`)
  return ANYWHERE
}

const WORDS = {
  id: {
    accepted: 'diterima',
    held: 'ditahan',
    rejected: 'ditolak',
    findings: 'Temuan',
    file: 'Berkas secara keseluruhan',
    repeated: 'Kunci yang berulang dengan isi lain',
    unmapped: 'Kode tanpa padanan',
    coverage: 'Cakupan',
    candidates: 'calon',
    first: 'baris',
    none: 'tidak ada',
  },
  en: {
    accepted: 'accepted',
    held: 'held',
    rejected: 'rejected',
    findings: 'Findings',
    file: 'The file as a whole',
    repeated: 'Keys that are repeated with other content',
    unmapped: 'Codes without a counterpart',
    coverage: 'Coverage',
    candidates: 'candidates',
    first: 'line',
    none: 'none',
  },
}

function repeatedLines({ first, count }: RepeatedKeys, language: 'id' | 'en'): string[] {
  if (count === 0) return []
  const { repeated, first: word } = WORDS[language]
  const lines = first.map(({ line, path, key }) => `  ${word} ${line}${path === '' ? '' : ` ${path}`}  ${key}`)
  return ['', `${repeated} (${count})`, ...lines, ...(count > first.length ? ['  …'] : [])]
}

/** What was found in the file as a whole; nothing where there is nothing to say. */
function wholeFile(found: ReturnType<typeof fileFindingsIn>, language: 'id' | 'en'): string[] {
  if (found.length === 0) return []
  const lines = found.map(({ code, title, fields, of, having }) => {
    return `  ${`${having}/${of}`.padStart(13)}  ${code.padEnd(22)} ${title} (${fields.join(', ')})`
  })
  return ['', WORDS[language].file, ...lines]
}

function report(
  coverage: Coverage,
  dataset: CompiledDataset,
  registry: Registry,
  language: 'id' | 'en',
  file: string,
): string[] {
  const words = WORDS[language]
  const texts: Record<string, { id: string; en: string }> = {
    ...registry.findings,
    ...INTAKE_FINDINGS,
    ...LINK_FINDINGS,
  }
  const { accepted, held, rejected } = coverage.outcomes
  const codes = coverage.codes.map(({ code, severity, count, firstLine }) => {
    return `  ${String(count).padStart(7)}  ${severity.padEnd(7)}  ${code.padEnd(26)} ${texts[code]?.[language] ?? ''} (${words.first} ${firstLine})`
  })
  const unmapped = coverage.unmapped.map(
    ({ path, value, count }) => `  ${String(count).padStart(7)}  ${path}  ${JSON.stringify(value.slice(0, 60))}`,
  )
  const fields = coverage.fields.map(({ key, filled, candidates, records }) => {
    const share = records === 0 ? '–' : `${((100 * filled) / records).toFixed(1)} %`
    return `  ${share.padStart(8)}  ${String(filled).padStart(8)}  ${key}${candidates > 0 ? `  (+${candidates} ${words.candidates})` : ''}`
  })
  const section = (title: string, lines: string[]) => ['', title, ...(lines.length === 0 ? [`  ${words.none}`] : lines)]
  return [
    `${file}: ${dataset.name} ${dataset.version}, ${accepted} ${words.accepted}, ${held} ${words.held}, ${rejected} ${words.rejected}`,
    ...section(words.findings, codes),
    ...section(words.unmapped, unmapped),
    ...section(words.coverage, fields),
  ]
}
