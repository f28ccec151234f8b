import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { COUNTED } from '../../domain/states.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { filePayload } from './payload.ts'
import { openGatewayClient } from './push.client.ts'
import { pullResults } from './results-pull.file.ts'

type Common = CredentialOptions & { data: string; json?: true }
type PostOptions = Common & { format?: string; of?: string; asOf?: string; key?: string; wait?: true }
type PullOptions = Common & { platform: string; as: 'csv' | 'ndjson'; out: string; dataset?: string }

/** `titian results`: BPS posts what it says of subjects, and a platform pulls what comes home. */
export function resultsCommand(context: CliContext): Command {
  const command = new Command('results').description('Post results of BPS, or pull those of one’s own records')
  withCredentials(command.command('post'), context)
    .description('As BPS: post a file of results, as one batch')
    .argument('<file>', 'NDJSON lines of results, or a keluarga or anggota file of the DTSEN; also as .gz or .zst')
    .option('--format <name>', 'of a DTSEN file: dtsen-keluarga or dtsen-anggota')
    .option('--of <version>', 'of a DTSEN file: its version')
    .option('--as-of <date>', 'of a DTSEN file: the date that it holds for')
    .option('--key <text>', 'idempotency key; without it a fresh one')
    .option('--wait', 'wait until the batch is settled')
    .action((file: string, options: PostOptions) => post(context, file, options))
  withCredentials(command.command('pull'), context)
    .description('As a platform: write the results of own records to files, from where the last pull ended')
    .requiredOption('--platform <name>', 'platform that pulls')
    .requiredOption('--out <dir>', 'folder for the files, and for the place that was reached')
    .option(
      '--as <form>',
      'ndjson, or csv under the column names of each CSV dataset',
      oneOf('csv', 'ndjson'),
      'ndjson',
    )
    .option('--dataset <name>', 'only records of this dataset')
    .action((options: PullOptions) => pull(context, options))
  return command
}

function withCredentials(command: Command, context: CliContext): Command {
  return command
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id')
    .option('--secret-file <file>', 'file that holds the client secret')
}

async function post(context: CliContext, file: string, options: PostOptions): Promise<void> {
  const { format, of: version, asOf, key = randomUUID() } = options
  const credentials = await findCredentials(options, options.data, { role: 'bps-results' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    const query = new URLSearchParams({
      ...(format && { format }),
      ...(version && { version }),
      ...(asOf && { as_of: asOf }),
    })
    const payload = await filePayload(file)
    const pushed = await gateway.postResults(query.size > 0 ? `?${query}` : '', key, payload)
    const batch = options.wait ? await gateway.settled(pushed.batch.id) : pushed.batch
    if (options.json) return context.out(JSON.stringify({ file: basename(file), replayed: pushed.replayed, ...batch }))
    const counts = COUNTED.map((name) => `${name} ${batch.counts[name]}`).join(', ')
    context.out(`${basename(file)}: ${batch.id} ${batch.state}; ${counts}`)
  } finally {
    await gateway.close()
  }
}

async function pull(context: CliContext, options: PullOptions): Promise<void> {
  const credentials = await findCredentials(options, options.data, { platform: options.platform })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    const written = await pullResults(gateway, options)
    if (options.json) return context.out(JSON.stringify({ files: written }))
    for (const { file, results } of written) context.out(`${file}: ${results} results`)
    if (written.length === 0) context.out('nothing new')
  } finally {
    await gateway.close()
  }
}

function oneOf<const Words extends string>(...words: Words[]): (text: string) => Words {
  return (text) => {
    const word = words.find((known) => known === text)
    if (word === undefined) throw new InvalidArgumentError(`Use one of ${words.join(', ')}.`)
    return word
  }
}
