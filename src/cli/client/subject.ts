import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { ErasureView } from '../../rights/erasure-shapes.ts'
import type { RestrictionView } from '../../rights/restrict/restriction-shapes.ts'
import type { CliContext } from '../context.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { type Gateway, openGatewayClient } from './push.client.ts'

type Options = CredentialOptions & { data: string; json?: true; certificate?: string; receivedAt?: string }
type Erasure = Static<typeof ErasureView>
type Restriction = Static<typeof RestrictionView>
type Asking = (gateway: Gateway, id: string, options: Options & { reason?: string }) => Promise<Erasure | Restriction>

/** What is done about an erasure or a restriction, and where the API has it. */
const PLACES: Readonly<Record<string, string>> = { era: '/v1/erasures', rst: '/v1/restrictions' }

/** `titian subject`: the rights of a person. One steward asks, another confirms. */
export function subjectCommand(context: CliContext): Command {
  const command = new Command('subject').description(
    'Rights of a person (UU PDP 27/2022): one steward asks, another confirms',
  )
  const add = (name: string, description: string, [argument, about]: [string, string], ask: Asking) => {
    const made = command.command(name).description(description).argument(argument, about)
    return withOptions(made, context).action((id: string, options: Options & { reason?: string }) =>
      run(context, options, (gateway) => ask(gateway, id, options)),
    )
  }
  const person: [string, string] = ['<person>', 'id of the person, per_…']
  const either: [string, string] = ['<id>', 'id of the erasure or restriction, era_… or rst_…']
  const because = ['--reason <text>', 'why; it is kept sealed'] as const

  add('erase', 'Ask for a person to be erased', person, (gateway, id, { reason }) =>
    gateway.post<Erasure>(`/v1/subjects/${encodeURIComponent(id)}/erasure`, { reason }),
  ).requiredOption(...because)
  add(
    'restrict',
    'Ask for the use of a person’s data to be restricted',
    person,
    (gateway, id, { reason, receivedAt: received_at }) =>
      gateway.post<Restriction>(`/v1/subjects/${encodeURIComponent(id)}/restriction`, {
        reason,
        ...(received_at !== undefined && { received_at }),
      }),
  )
    .requiredOption(...because)
    .option('--received-at <moment>', 'when the person asked, RFC 3339; the clock of the law runs from then')
  add('lift', 'Ask for a restriction to be lifted', ['<restriction>', 'rst_…'], (gateway, id, { reason }) =>
    gateway.post<Restriction>(`${pathOf(id)}/lift`, { reason }),
  ).requiredOption(...because)
  add('confirm', 'Confirm what another steward asked for: it begins at once', either, (gateway, id) =>
    gateway.post(`${pathOf(id)}/confirm`),
  )
  add('decline', 'Decline what nobody has confirmed', either, (gateway, id) => gateway.remove(pathOf(id)))
  add('erasure', 'Say how far an erasure is', ['<erasure>', 'era_…'], (gateway, id) => gateway.get(pathOf(id))).option(
    '--certificate <file>',
    'write the signed certificate here, once it is done',
  )
  add('restriction', 'Say how far a restriction is', ['<restriction>', 'rst_…'], (gateway, id) =>
    gateway.get(pathOf(id)),
  )
  return command
}

function pathOf(id: string): string {
  const place = PLACES[id.slice(0, 3)]
  if (place === undefined) throw new TitianError('not-found', `${id} is the id of no erasure or restriction`)
  return `${place}/${encodeURIComponent(id)}`
}

function withOptions(command: Command, context: CliContext): Command {
  return command
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
}

async function run(
  context: CliContext,
  options: Options,
  ask: (gateway: Gateway) => Promise<Erasure | Restriction>,
): Promise<void> {
  const credentials = await findCredentials(options, options.data, { role: 'steward' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    const told = await ask(gateway)
    if (options.certificate !== undefined && 'certificate' in told && told.certificate !== null)
      await writeFile(options.certificate, told.certificate)
    context.out(options.json ? JSON.stringify(told) : sentenceOf(told))
  } finally {
    await gateway.close()
  }
}

function sentenceOf(told: Erasure | Restriction): string {
  if (!('destroyed' in told)) return `${told.id}: ${told.state}; due by law ${told.due_at}`
  const { records, entries, deliveries, results } = told.destroyed
  const sums = `${records} records, ${entries} entries, ${deliveries} deliveries, ${results} results`
  return `${told.id}: ${told.state}; ${sums}; ${told.waiting} waiting`
}
