import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { WhatIfPage } from '../../programmes/candidate-shapes.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGatewayClient } from '../client/push.client.ts'
import { unreadable } from '../client/readable.ts'
import type { CliContext } from '../context.ts'

type Page = Static<typeof WhatIfPage>
type Options = CredentialOptions & {
  platform: string
  data: string
  region?: string
  set: string[]
  criteria?: string
  json?: true
}

/** `titian programmes what-if`: who would come in and drop out by a changed rule; nothing is stored. */
export function whatIfCommand(context: CliContext): Command {
  return new Command('what-if')
    .description('Show who would come in and who would drop out by a changed rule or threshold')
    .argument('<programme>', 'as titian programmes list names it')
    .requiredOption('--platform <name>', 'platform whose residents they are')
    .option('--region <code>', 'BPS code; without it the whole scope of the platform')
    .option(
      '--set <name=number>',
      'another value of a setting; may be repeated',
      (one, all: string[]) => [...all, one],
      [],
    )
    .option('--criteria <file>', 'JSON file: conditions by code, null takes one away')
    .option('--json', 'print a line of JSON for each change')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the candidates:read scope')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (programme: string, options: Options) => {
      const change = { ...(options.region && { region: options.region }), ...(await changeOf(options)) }
      const credentials = await findCredentials(options, options.data, options)
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        const sums: Record<string, number> = {}
        for (let after: string | null = ''; after !== null; ) {
          const body: object = { ...change, ...(after !== '' && { after }) }
          const page: Page = await gateway.post(`/v1/programmes/${encodeURIComponent(programme)}/what-if`, body)
          if (after === '') context.err(page.notice.en)
          for (const line of linesOf(page, options.json === true)) context.out(line)
          for (const [name, count] of Object.entries({ residents: page.residents, ...page.counts }))
            sums[name] = (sums[name] ?? 0) + count
          after = page.next
        }
        const told = Object.entries(sums).map(([name, count]) => `${name} ${count}`)
        if (options.json) context.out(JSON.stringify({ sums }))
        else context.out(told.join(', '))
      } finally {
        await gateway.close()
      }
    })
}

function linesOf({ comes_in, drops_out }: Page, isJson: boolean): string[] {
  const changes = [
    ...comes_in.map((one) => ({ change: 'comes in', ...one })),
    ...drops_out.map((one) => ({ change: 'drops out', ...one })),
  ]
  if (isJson) return changes.map((one) => JSON.stringify(one))
  return changes.map(({ change, keys, before, after, reasons }) => {
    const why = after === 'candidate' ? reasons.holds : [...reasons.against, ...reasons.unknown, ...reasons.cautions]
    const who = keys.map(({ dataset, key }) => `${dataset}/${key}`).join(', ')
    return `${change}: ${who} (${before} -> ${after}): ${why.map(({ code }) => code).join(' ')}`
  })
}

async function changeOf({ set, criteria }: Options) {
  const settings = Object.fromEntries(
    set.map((text) => {
      const [name = '', value = ''] = text.split('=')
      if (name === '' || value === '' || Number.isNaN(Number(value)))
        throw new TitianError('bad-request', `--set ${text}: write name=number, for example decile_limit=5`)
      return [name, Number(value)]
    }),
  )
  return {
    ...(set.length > 0 && { settings }),
    ...(criteria !== undefined && { criteria: await readCriteria(criteria) }),
  }
}

async function readCriteria(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw unreadable(file, cause)
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TitianError('bad-request', `${file} is no JSON`, { cause })
  }
}
