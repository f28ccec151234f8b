import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Static } from 'typebox'
import type { BreachList, BreachView } from '../../rights/breach/breach-shapes.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { type Gateway, openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'

type Options = CredentialOptions & { data: string; json?: true }
type OpenOptions = Options & {
  knownAt: string
  what: string
  how: string
  handling: string
  reader?: string
  from?: string
  to?: string
  batch: string[]
}
type Breach = Static<typeof BreachView>

/** `titian breach`: the record of breaches of personal data, with the clock of UU PDP 27/2022, article 46. */
export function breachCommand(context: CliContext): Command {
  const command = new Command('breach').description('Breaches of personal data, with the 3 × 24 hours of the law')
  const open = command
    .command('open')
    .description('Record a breach, and find whom it concerns by the audit log and by batches')
    .requiredOption('--known-at <moment>', 'when somebody knew of it, RFC 3339: the clock runs from then')
    .requiredOption('--what <file>', 'file with what personal data was disclosed, in Indonesian')
    .requiredOption('--how <file>', 'file with when and how it came about')
    .requiredOption('--handling <file>', 'file with what is done about it, and to recover')
    .option('--reader <client>', 'client whose readings are concerned')
    .option('--from <moment>', 'the first of its readings that counts')
    .option('--to <moment>', 'the last of its readings that counts')
    .option(
      '--batch <id>',
      'a batch all of whose records are concerned; several times for several',
      (id: string, ids: string[]) => [...ids, id],
      [] as string[],
    )
  withOptions(open, context).action(async (options: OpenOptions) => {
    const text = async (file: string) => (await readFile(file, 'utf8')).trim()
    const { reader: client, from, to } = options
    const body = {
      known_at: options.knownAt,
      data: await text(options.what),
      how: await text(options.how),
      handling: await text(options.handling),
      ...(client !== undefined && { client }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(options.batch.length > 0 && { batches: options.batch }),
    }
    await tell(context, options, (gateway) => gateway.post<Breach>('/v1/breaches', body))
  })
  const list = command.command('list').description('All breaches, and by when each is to be told')
  withOptions(list, context).action(async (options: Options) => {
    const { breaches } = await ask(context, options, (gateway) =>
      gateway.get<Static<typeof BreachList>>('/v1/breaches'),
    )
    if (options.json) return context.out(JSON.stringify(breaches))
    for (const breach of breaches) context.out(sentenceOf(breach))
  })
  const notice = command.command('notice').description('Print the notice of a breach').argument('<breach>', 'brc_…')
  withOptions(notice, context).action(async (id: string, options: Options) =>
    context.out((await ask(context, options, (gateway) => gateway.get<Breach>(pathOf(id)))).notice),
  )
  const told = command
    .command('tell')
    .description('Note that the notice was given: the clock stops, and platforms see it with their own records')
    .argument('<breach>', 'brc_…')
  withOptions(told, context).action((id: string, options: Options) =>
    tell(context, options, (gateway) => gateway.post<Breach>(`${pathOf(id)}/tell`)),
  )
  const close = command
    .command('close')
    .description('Close a breach of which the notice was given')
    .argument('<breach>', 'brc_…')
  withOptions(close, context).action((id: string, options: Options) =>
    tell(context, options, (gateway) => gateway.post<Breach>(`${pathOf(id)}/close`)),
  )
  return command
}

function pathOf(id: string): string {
  return `/v1/breaches/${encodeURIComponent(id)}`
}

function withOptions(command: Command, context: CliContext): Command {
  return command
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
}

async function ask<T>(context: CliContext, options: Options, asked: (gateway: Gateway) => Promise<T>): Promise<T> {
  const credentials = await findCredentials(options, options.data, { role: 'steward' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    return await asked(gateway)
  } finally {
    await gateway.close()
  }
}

async function tell(
  context: CliContext,
  options: Options,
  asked: (gateway: Gateway) => Promise<Breach>,
): Promise<void> {
  const breach = await ask(context, options, asked)
  context.out(options.json ? JSON.stringify(breach) : sentenceOf(breach))
}

function sentenceOf({ id, state, due_at, late, subjects, platforms }: Breach): string {
  const more = platforms.length === 0 ? '' : `, and perhaps all records of ${platforms.join(', ')}`
  return `${id}: ${state}; due by law ${due_at}${late ? ' LATE' : ''}; ${subjects} persons and families${more}`
}
