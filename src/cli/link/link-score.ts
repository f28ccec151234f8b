import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { type Linked, type Score, scoreLinks } from '../../link/train/evaluate.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'
import { unpacked } from '../dataset/unpacked.ts'
import { table } from '../table.ts'

type Options = CredentialOptions & { truth: string; links?: string; data: string; json?: true }

/** A row of the truth: which person a source record is. In names of datasets `_` may stand for `-`, as in names of files. */
type TruthRow = {
  platform: string
  dataset: string
  source_key?: string
  level?: string
  person_id?: string
  nik_state?: string
}
type Known = Omit<Linked, 'person'>
type LinkRow = { platform: string; dataset: string; source_key: string; person_id: string }

/** `titian link score`: how well the stored links agree with a known truth. */
export function scoreCommand(context: CliContext): Command {
  return new Command('score')
    .description('Compare the stored links with a known truth: pairwise precision, recall and F1')
    .requiredOption('--truth <file>', 'NDJSON (also .gz): platform, dataset, source_key, person_id, nik_state')
    .option('--links <file>', 'what titian links export wrote; without it a gateway is asked')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (options: Options) => {
      const truth = new Map<string, Known>()
      for await (const row of rowsOf<TruthRow>(options.truth, linesOf(options.truth))) {
        const { person_id, source_key, level } = row
        if (!person_id || source_key === undefined || (level !== undefined && level !== 'person')) continue
        truth.set(nameOf({ ...row, source_key }), { truth: person_id, hasNik: (row.nik_state ?? 'ok') === 'ok' })
      }
      if (truth.size === 0)
        throw new TitianError('bad-request', `${options.truth} has no row of a person with source_key and person_id`)
      const persons = new Map<string, string>()
      for await (const link of rowsOf<LinkRow>(options.links ?? 'the gateway', linksOf(context, options))) {
        const name = nameOf(link)
        if (truth.has(name)) persons.set(name, link.person_id)
      }
      if (persons.size === 0)
        throw new TitianError(
          'not-found',
          `no record of the truth is in the registry: none of its ${truth.size} rows has platform, dataset and source_key of a linked record`,
        )
      const linked: Linked[] = []
      const whole: Linked[] = []
      for (const [name, known] of truth) {
        const person = persons.get(name)
        if (person !== undefined) linked.push({ ...known, person })
        // Who was held, rejected or never sent is a person of their own.
        whole.push({ ...known, person: person ?? name })
      }
      const scores = { records: linked.length, known: truth.size, ...scoreLinks(linked), whole: scoreLinks(whole) }
      if (options.json) context.out(JSON.stringify(scores))
      else for (const line of describe(scores)) context.out(line)
    })
}

async function* linksOf(context: CliContext, options: Options): AsyncGenerator<string> {
  if (options.links !== undefined) return yield* linesOf(options.links)
  const credentials = await findCredentials(options, options.data, { role: 'steward' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    yield* gateway.lines('/v1/links')
  } finally {
    await gateway.close()
  }
}

/** Not by readline, which does not pass on what goes wrong in its input (Node's documentation of rl[Symbol.asyncIterator]). */
async function* linesOf(file: string): AsyncGenerator<string> {
  let line = ''
  const decoder = new TextDecoder()
  for await (const bytes of unpacked(file)) {
    const [first = '', ...more] = decoder.decode(bytes, { stream: true }).split('\n')
    line += first
    for (const next of more) {
      yield line
      line = next
    }
  }
  yield line + decoder.decode()
}

async function* rowsOf<T>(file: string, lines: AsyncIterable<string>): AsyncGenerator<T> {
  let at = 0
  for await (const line of lines) {
    at += 1
    if (line.trim() !== '') yield rowOf(line, `${file}:${at}`) as T
  }
}

function rowOf(line: string, place: string): object {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch {
    // Said below: the message of the parser would quote the line.
  }
  if (typeof row === 'object' && row !== null) return row
  throw new TitianError('bad-request', `${place} is no object of JSON: one is wanted on each line (NDJSON)`)
}

function nameOf({ platform, dataset, source_key }: { platform: string; dataset: string; source_key: string }): string {
  return `${platform}|${dataset.replaceAll('_', '-')}|${source_key}`
}

type Scores = ReturnType<typeof scoreLinks>

function describe(scores: Scores & { records: number; known: number; whole: Scores }): string[] {
  const row = (name: string, { pairs, precision, recall, f1 }: Score) => [
    name,
    String(pairs),
    ...[precision, recall, f1].map((share) => share.toFixed(4)),
  ]
  return [
    `${scores.records} linked records of ${scores.known} that the truth knows; in the whole truth the others stand alone, each a person`,
    ...table(
      [
        ['', 'true pairs', 'precision', 'recall', 'F1'],
        row('linked records', scores.all),
        row('linked records without usable NIK', scores.withoutNik),
        row('whole truth', scores.whole.all),
        row('whole truth without usable NIK', scores.whole.withoutNik),
      ],
      1,
    ),
  ]
}
