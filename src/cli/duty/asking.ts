import type { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { BATCH_ID } from '../../engine/batch-shapes.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { checkHealth } from '../client/health.client.ts'
import { addressOf, type Gateway, openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'

/** What every command of whoever is on duty takes. */
export type AskOptions = CredentialOptions & { data: string; json?: true }

export function withAskOptions(command: Command, { dataDir }: CliContext): Command {
  return command
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the ops scope')
    .option('--secret-file <file>', 'file that holds the client secret')
}

/** Asks a running gateway, in the name of the ops team or of whom the options name; one that is away is told at once. */
export async function asking(
  context: CliContext,
  options: AskOptions,
  act: (gateway: Gateway) => Promise<void>,
  role = 'ops',
): Promise<void> {
  const credentials = await findCredentials(options, options.data, { role })
  await checkHealth(addressOf('/livez', credentials.url).href)
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    await act(gateway)
  } finally {
    await gateway.close()
  }
}

/** The id of a batch, for a path; throws one line about what is none. */
export function batchIdOf(text: string): string {
  if (!new RegExp(BATCH_ID).test(text))
    throw new TitianError(
      'bad-request',
      `${text} is no id of a batch: those begin with bat_, titian batches lists them`,
    )
  return text
}

/** Lets a question that finds nothing end with one line that says what there is not. */
export async function orMissing<T>(answer: Promise<T>, what: string): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof TitianError && cause.code === 'not-found')) throw cause
    throw new TitianError('not-found', `there is no ${what}`, { cause })
  }
}

/** Reads a number of an option; throws one line that names its bounds. */
export function countOf(text: string, option: string, most: number): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new TitianError('config-invalid', `${option} is a number from 1 to ${most}`)
  return count
}
