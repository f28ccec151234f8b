import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { Command } from 'commander'
import { type Linked, type Score, scoreLinks } from '../link/score.ts'
import type { CliContext } from './context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { openGateway } from './push.client.ts'
import { table } from './table.ts'

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
type LinkRow = { platform: string; dataset: string; source_key: string; person_id: string }

/** `titian link score`: how well the registry's links agree with a known truth. */
export function scoreCommand(context: CliContext): Command {
  return new Command('score')
    .description('Compare the links of the registry with a known truth: pairwise precision, recall and F1')
    .requiredOption('--truth <file>', 'NDJSON (also .gz): platform, dataset, source_key, person_id, nik_state')
    .option('--links <file>', 'what titian links export wrote; without it a gateway is asked')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (options: Options) => {
      const truth = new Map<string, TruthRow & { person_id: string }>()
      for await (const row of rowsOf<TruthRow>(linesOf(options.truth))) {
        const { person_id } = row
        if (person_id && row.source_key !== undefined && (row.level === undefined || row.level === 'person')) {
          truth.set(nameOf({ ...row, source_key: row.source_key }), { ...row, person_id })
        }
      }
      const records: Linked[] = []
      for await (const link of rowsOf<LinkRow>(linksOf(context, options))) {
        const known = truth.get(nameOf(link))
        if (known === undefined) continue
        const hasNik = (known.nik_state ?? 'ok') === 'ok'
        records.push({ person: link.person_id, truth: known.person_id, hasNik })
      }
      const scores = { records: records.length, known: truth.size, ...scoreLinks(records) }
      if (options.json) context.out(JSON.stringify(scores))
      else for (const line of describe(scores)) context.out(line)
    })
}

async function* linksOf(context: CliContext, options: Options): AsyncGenerator<string> {
  if (options.links !== undefined) return yield* linesOf(options.links)
  const credentials = await findCredentials(options, options.data, { role: 'steward' })
  const gateway = openGateway(credentials, context.signal)
  try {
    yield* gateway.lines('/v1/links')
  } finally {
    await gateway.close()
  }
}

function linesOf(file: string): AsyncIterable<string> {
  const bytes = createReadStream(file)
  const input = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}

async function* rowsOf<T>(lines: AsyncIterable<string>): AsyncGenerator<T> {
  for await (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as T
}

function nameOf({ platform, dataset, source_key }: { platform: string; dataset: string; source_key: string }): string {
  return `${platform}|${dataset.replaceAll('_', '-')}|${source_key}`
}

function describe(scores: { records: number; known: number; all: Score; withoutNik: Score }): string[] {
  const row = (name: string, { pairs, precision, recall, f1 }: Score) => [
    name,
    String(pairs),
    ...[precision, recall, f1].map((share) => share.toFixed(4)),
  ]
  return [
    `${scores.records} linked records of ${scores.known} that the truth knows`,
    ...table(
      [
        ['', 'true pairs', 'precision', 'recall', 'F1'],
        row('all', scores.all),
        row('without usable NIK', scores.withoutNik),
      ],
      1,
    ),
  ]
}
