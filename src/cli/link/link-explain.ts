import { Command } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { Explanations } from '../../link/persons/link-shapes.ts'
import { OVERRIDES } from '../../link/score/overrides.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'

type Options = CredentialOptions & { data: string; json?: true }

/** `titian link explain`: why two records or persons are one, or are not. */
export function explainCommand(context: CliContext): Command {
  return new Command('explain')
    .description('Show why two records or persons are one, or are not')
    .argument('<a>', 'a person id, or platform/dataset/key of a source record')
    .argument('<b>', 'the other one')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the ops or steward scope')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (a: string, b: string, options: Options) => {
      const credentials = await findCredentials(options, options.data, { role: 'ops' })
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        const body = { a: referenceOf(a), b: referenceOf(b) }
        const found = await gateway.post<Static<typeof Explanations>>('/v1/links/explain', body)
        if (options.json) context.out(JSON.stringify(found))
        else for (const line of describe(found)) context.out(line)
      } finally {
        await gateway.close()
      }
    })
}

function referenceOf(text: string) {
  if (text.startsWith('per_')) return { person: text }
  const [platform, dataset, ...key] = text.split('/')
  if (platform && dataset && key.length > 0) return { platform, dataset, source_key: key.join('/') }
  throw new TitianError('bad-request', `${text} is neither a person id nor platform/dataset/key`)
}

function describe({ model, thresholds, prior, one_person, pairs }: Static<typeof Explanations>): string[] {
  const lines = [
    one_person ? 'One person.' : 'Not one person.',
    `Model ${model}: same from ${thresholds.same} bits, a steward is asked from ${thresholds.unsure}.`,
  ]
  for (const { a, b, bits, verdict, decided, cap, fields } of pairs) {
    const parts = [
      { field: 'prior', level: 'before anything is compared', bits: prior },
      ...fields,
      ...(isCapped(bits, prior, fields)
        ? [{ field: 'cap', level: 'as below', bits: bits - sumOf(prior, fields) }]
        : []),
    ]
    const shown = tenthsOf(parts.map((part) => part.bits))
    const rows = parts.map(({ field, level }, at) => [`  ${field}`, level, signed((shown[at] ?? 0) / 10)])
    const said = decided === null ? verdict : `a steward decided: ${decided}`
    lines.push('', `${a.platform}/${a.dataset} and ${b.platform}/${b.dataset}: ${signed(bits)} bits, ${said}`)
    lines.push(...table(rows, 2))
    if (cap !== null) lines.push(`  ${OVERRIDES[cap].en}`)
  }
  return lines
}

function sumOf(prior: number, fields: readonly { bits: number }[]): number {
  return fields.reduce((sum, { bits }) => sum + bits, prior)
}

/** Whether a rule speaks against one person beyond what the fields say. */
function isCapped(bits: number, prior: number, fields: readonly { bits: number }[]): boolean {
  return Math.abs(bits - sumOf(prior, fields)) > 1e-6
}

/** Numbers in whole tenths that add up to their sum in tenths: those that lose most by rounding down get what is left. */
export function tenthsOf(values: readonly number[]): number[] {
  const tenths = values.map((value) => Math.floor(value * 10))
  const left =
    Math.round(values.reduce((sum, value) => sum + value * 10, 0)) - tenths.reduce((sum, value) => sum + value, 0)
  const byLoss = values
    .map((value, at) => ({ at, loss: value * 10 - Math.floor(value * 10) }))
    .sort((a, b) => b.loss - a.loss)
  for (const { at } of byLoss.slice(0, left)) tenths[at] = (tenths[at] ?? 0) + 1
  return tenths
}

function signed(bits: number): string {
  return `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`
}
