import { Command } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { Explanations } from '../../link/persons/link-shapes.ts'
import { OVERRIDES } from '../../link/score/overrides.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGateway } from '../client/push.client.ts'
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
      const gateway = openGateway(credentials, context.signal, context.env)
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

function describe({ model, thresholds, one_person, pairs }: Static<typeof Explanations>): string[] {
  const lines = [
    one_person ? 'One person.' : 'Not one person.',
    `Model ${model}: same from ${thresholds.same} bits, a steward is asked from ${thresholds.unsure}.`,
  ]
  for (const { a, b, bits, verdict, decided, cap, fields } of pairs) {
    const rows = fields.map(({ field, level, bits: weight }) => [`  ${field}`, level, signed(weight)])
    const said = decided === null ? verdict : `a steward decided: ${decided}`
    lines.push('', `${a.platform}/${a.dataset} and ${b.platform}/${b.dataset}: ${signed(bits)} bits, ${said}`)
    lines.push(...table(rows, 2))
    if (cap !== null) lines.push(`  ${OVERRIDES[cap].en}`)
  }
  return lines
}

function signed(bits: number): string {
  return `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`
}
