import { basename } from 'node:path'
import { Command, Option } from 'commander'
import type { CompiledDataset, Registry } from '../../catalogue/registry.ts'
import { ANYWHERE } from '../../clean/mapping/any-platform.ts'
import type { RawEntry } from '../../domain/entry.ts'
import { TitianError } from '../../domain/error.ts'
import type { Platform } from '../../domain/platform.ts'
import type { CliContext } from '../context.ts'
import { fileEntries } from './file-entries.ts'
import { localRegistry } from './local-registry.ts'

type Guess = { dataset: string; platform: string | undefined; accepted: number; held: number; rejected: number }

const SAMPLE = 200
const SHOWN = 5

/** `titian try`: which dataset a file may be of, and whose, with the reason. */
export function tryCommand(context: CliContext): Command {
  return new Command('try')
    .description('Guess which dataset and platform a file is of, and say why. Nothing is sent')
    .argument('<file>', '.ndjson, .json (an array) or .csv, also as .gz or .zst')
    .addOption(new Option('--language <code>', 'language of the report').choices(['id', 'en']).default('id'))
    .action(async (file: string, { language }: { language: 'id' | 'en' }) => {
      const registry = await localRegistry(context.env)
      const guesses: Guess[] = []
      const misfits: string[] = []
      for (const dataset of registry.datasets.values()) {
        const sample = await sampleOf(file, dataset)
        if (typeof sample === 'string') misfits.push(`${dataset.name}: ${sample}`)
        else guesses.push(...guessesFor(registry, dataset, sample))
      }
      const fitting = ranked(guesses)
      for (const line of report(basename(file), fitting, misfits, WORDS[language])) context.out(line)
      if (fitting.length === 0) context.exit(1)
    })
}

const WORDS = {
  id: {
    is: 'kemungkinan besar',
    of: 'dari',
    fit: 'baris pertama diterima',
    none: 'tidak cocok dengan dataset mana pun',
    others: 'Kemungkinan lain:',
    why: 'Sebabnya:',
    next: 'Lanjutkan dengan:',
    anyone: 'tanpa daerah',
    draft: 'Buat dataset baru dengan: titian dataset new',
  },
  en: {
    is: 'is most likely',
    of: 'of',
    fit: 'first records accepted',
    none: 'fits no dataset',
    others: 'It might also be:',
    why: 'The reasons:',
    next: 'Go on with:',
    anyone: 'no platform',
    draft: 'Draft a dataset by: titian dataset new',
  },
} as const

/** The first records of a file as a dataset reads it, or why it cannot. */
async function sampleOf(file: string, { format }: CompiledDataset): Promise<RawEntry[] | string> {
  const sample: RawEntry[] = []
  try {
    for await (const entry of fileEntries(file, format)) {
      sample.push(entry)
      if (sample.length === SAMPLE) break
    }
  } catch (error) {
    if (!(error instanceof TitianError) || error.code === 'not-found' || error.code === 'bad-request') throw error
    return error.message.replace(`${file}: `, '')
  }
  return sample
}

/** How each platform that may push a dataset would fare with a sample: what lies outside its region is held. */
function guessesFor({ platforms }: Registry, dataset: CompiledDataset, sample: readonly RawEntry[]): Guess[] {
  const pushing = [...platforms.values()].filter(({ datasets }) => datasets.includes(dataset.name))
  const askers: (Platform | undefined)[] = pushing.length === 0 ? [undefined] : pushing
  return askers.map((platform) => {
    const guess = { dataset: dataset.name, platform: platform?.name, accepted: 0, held: 0, rejected: 0 }
    for (const entry of sample) guess[dataset.clean(entry, platform ?? ANYWHERE).verdict] += 1
    return guess
  })
}

/** Those under which not everything is rejected, the one with most accepted records first. */
function ranked(guesses: readonly Guess[]): Guess[] {
  return guesses
    .filter(({ accepted, held }) => accepted + held > 0)
    .toSorted((a, b) => b.accepted - a.accepted || a.rejected - b.rejected)
}

function report(
  file: string,
  [best, ...others]: readonly Guess[],
  misfits: readonly string[],
  words: (typeof WORDS)['id' | 'en'],
): string[] {
  if (best === undefined) return [`${file} ${words.none}`, words.why, ...misfits.map(indented), words.draft]
  const told = ({ dataset, platform = words.anyone, accepted, held, rejected }: Guess) =>
    `${dataset} (${platform}): ${accepted} ${words.of} ${accepted + held + rejected} ${words.fit}`
  const further = others.slice(0, SHOWN).map(told)
  const platform = best.platform === undefined ? '' : ` --platform ${best.platform}`
  return [
    `${file} ${words.is} ${told(best)}`,
    ...(further.length > 0 ? [words.others, ...further.map(indented)] : []),
    words.next,
    indented(`titian check ${file} --dataset ${best.dataset}${platform}`),
  ]
}

function indented(line: string): string {
  return `  ${line}`
}
