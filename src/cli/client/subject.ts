import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { AccessReport } from '../../rights/access/access-shapes.ts'
import type { ErasureView } from '../../rights/erasure-shapes.ts'
import type { RequestList, RequestView } from '../../rights/requests/request-shapes.ts'
import type { RestrictionView } from '../../rights/restrict/restriction-shapes.ts'
import type { CliContext } from '../context.ts'
import { htmlOfReport, textOfReport } from './access-report.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { type Gateway, openGatewayClient } from './push.client.ts'

type Options = CredentialOptions & {
  data: string
  json?: true
  reason?: string
  field?: string[]
  statement?: string
  receivedAt?: string
  certificate?: string
  html?: string
  all?: true
}
type Erasure = Static<typeof ErasureView>
type Restriction = Static<typeof RestrictionView>
type Request = Static<typeof RequestView>
type Asking = (gateway: Gateway, id: string, options: Options) => Promise<Erasure | Restriction | Request>

/** What is asked for in the name of a person, by its id, and where the API has it. */
const PLACES: Readonly<Record<string, string>> = {
  era: '/v1/erasures',
  rst: '/v1/restrictions',
  req: '/v1/access-requests',
}

/** `titian subject`: the rights of a person. One steward asks, another confirms. */
export function subjectCommand(context: CliContext): Command {
  const command = new Command('subject').description(
    'Rights of a person (UU PDP 27/2022): one steward asks, another confirms',
  )
  const add = (name: string, description: string, [argument, about]: [string, string], ask: Asking) => {
    const made = command.command(name).description(description).argument(argument, about)
    return withOptions(made, context).action((id: string, options: Options) =>
      run(context, options, (gateway) => ask(gateway, id, options)),
    )
  }
  const person: [string, string] = ['<person>', 'id of the person, per_…']
  const any: [string, string] = ['<id>', 'id of what was asked for: req_…, rst_… or era_…']
  const received = [
    '--received-at <moment>',
    'when the person asked, RFC 3339: the clock of the law runs from then',
  ] as const
  const because = ['--reason <text>', 'why; it is kept sealed'] as const

  const asked = (gateway: Gateway, id: string, path: string, { reason, receivedAt }: Options) =>
    gateway.post<Restriction & Request>(`/v1/subjects/${encodeURIComponent(id)}/${path}`, {
      reason,
      ...(receivedAt !== undefined && { received_at: receivedAt }),
    })

  add('access', 'Take down that a person asks what is held', person, (gateway, id, options) =>
    asked(gateway, id, 'access', options),
  )
    .requiredOption(...because)
    .option(...received)
  const report = command
    .command('report')
    .description('Print all that is held of a person, once another steward has confirmed it')
    .argument('<request>', 'id of the request for access, req_…')
    .option('--html <file>', 'write it as a page to be printed, instead')
  withOptions(report, context).action((id: string, options: Options) => printReport(context, options, id))
  add('correct', 'Take down what a person asks to be corrected', person, (gateway, id, options) =>
    gateway.post(`/v1/subjects/${encodeURIComponent(id)}/correction`, {
      reason: options.reason,
      fields: options.field,
      statement: options.statement,
      ...(options.receivedAt !== undefined && { received_at: options.receivedAt }),
    }),
  )
    .requiredOption(...because)
    .requiredOption(
      '--field <name>',
      'canonical variable that is wrong; several times for several',
      (name: string, names: string[] = []) => [...names, name],
    )
    .requiredOption('--statement <text>', 'what the person says is right; kept sealed, told to the sources')
    .option(...received)
  add('restrict', 'Ask for the use of a person’s data to be restricted', person, (gateway, id, options) =>
    asked(gateway, id, 'restriction', options),
  )
    .requiredOption(...because)
    .option(...received)
  add('lift', 'Ask for a restriction to be lifted', ['<restriction>', 'rst_…'], (gateway, id, { reason }) =>
    gateway.post<Restriction>(`${pathOf(id)}/lift`, { reason }),
  ).requiredOption(...because)
  add('erase', 'Ask for a person to be erased', person, (gateway, id, { reason }) =>
    gateway.post<Erasure>(`/v1/subjects/${encodeURIComponent(id)}/erasure`, { reason }),
  ).requiredOption(...because)
  add('confirm', 'Confirm what another steward asked for: it begins at once', any, (gateway, id) =>
    acted(gateway, id, (path) => gateway.post(`${path}/confirm`)),
  )
  add('decline', 'Decline what nobody has confirmed', any, (gateway, id) =>
    acted(gateway, id, (path) => gateway.remove(path)),
  )
  add('erasure', 'Say how far an erasure is', ['<erasure>', 'era_…'], (gateway, id) => gateway.get(pathOf(id))).option(
    '--certificate <file>',
    'write the signed certificate here, once it is done',
  )
  add('status', 'Say how far anything is that was asked for', any, (gateway, id) =>
    acted(gateway, id, (path) => gateway.get(path)),
  )
  const list = command
    .command('requests')
    .description('What persons have asked for, and by when it is due by law')
    .option('--all', 'what is ended, too')
  withOptions(list, context).action((options: Options) => printList(context, options))
  return command
}

function pathOf(id: string): string {
  const place = PLACES[id.slice(0, 3)]
  if (place === undefined) throw new TitianError('not-found', `${id} is the id of nothing that a person asks for`)
  return `${place}/${encodeURIComponent(id)}`
}

/** Does something to what an id means; of a request it says whether access or correction was asked for. */
async function acted<T>(gateway: Gateway, id: string, act: (path: string) => Promise<T>): Promise<T> {
  if (!id.startsWith('req_')) return act(pathOf(id))
  const query = new URLSearchParams({ all: 'true', after: `req_${'0'.repeat(26)}` })
  for (let after: string | null = query.get('after'); after !== null; ) {
    query.set('after', after)
    const page: Static<typeof RequestList> = await gateway.get(`/v1/requests?${query}`)
    const found = page.requests.find((one) => one.id === id)
    if (found?.right === 'correction') return act(`/v1/correction-requests/${encodeURIComponent(id)}`)
    if (found !== undefined) break
    after = page.next
  }
  return act(pathOf(id))
}

function withOptions(command: Command, context: CliContext): Command {
  return command
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
}

async function withGateway<T>(
  context: CliContext,
  options: Options,
  ask: (gateway: Gateway) => Promise<T>,
): Promise<T> {
  const credentials = await findCredentials(options, options.data, { role: 'steward' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    return await ask(gateway)
  } finally {
    await gateway.close()
  }
}

async function run(
  context: CliContext,
  options: Options,
  ask: (gateway: Gateway) => Promise<Erasure | Restriction | Request>,
): Promise<void> {
  const told = await withGateway(context, options, ask)
  if (options.certificate !== undefined && 'certificate' in told && told.certificate !== null)
    await writeFile(options.certificate, told.certificate)
  context.out(options.json ? JSON.stringify(told) : sentenceOf(told))
}

async function printReport(context: CliContext, options: Options, id: string): Promise<void> {
  const path = `/v1/access-requests/${encodeURIComponent(id)}/report`
  const report = await withGateway(context, options, (gateway) => gateway.get<AccessReport>(path))
  if (options.html !== undefined) await writeFile(options.html, htmlOfReport(report), { mode: 0o600 })
  else context.out(options.json ? JSON.stringify(report) : textOfReport(report))
}

async function printList(context: CliContext, options: Options): Promise<void> {
  const all: Static<typeof RequestList>['requests'] = []
  await withGateway(context, options, async (gateway) => {
    for (let after: string | null = ''; after !== null; ) {
      const query = new URLSearchParams({ all: String(options.all === true), ...(after !== '' && { after }) })
      const page: Static<typeof RequestList> = await gateway.get(`/v1/requests?${query}`)
      all.push(...page.requests)
      after = page.next
    }
  })
  if (options.json) return context.out(JSON.stringify(all))
  for (const { id, right, state, due_at, late } of all)
    context.out(
      `${id} ${right} ${state}; ${due_at === null ? 'no time by law' : `due ${due_at}`}${late ? ' LATE' : ''}`,
    )
}

function sentenceOf(told: Erasure | Restriction | Request): string {
  if (!('destroyed' in told)) return `${told.id}: ${told.state}; due by law ${told.due_at}`
  const { records, entries, deliveries, results } = told.destroyed
  const sums = `${records} records, ${entries} entries, ${deliveries} deliveries, ${results} results`
  return `${told.id}: ${told.state}; ${sums}; ${told.waiting} waiting`
}
