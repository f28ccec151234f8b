import { Command } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { QUARTER_PATTERN } from '../../domain/quarter.ts'
import type { Reconciliation } from '../../reports/reconciliation/reconciliation-shapes.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { type Gateway, openGatewayClient } from './push.client.ts'

type Totals = Static<typeof Reconciliation>
type Options = CredentialOptions & { platform: string; quarter?: string; data: string; json?: true }

const LEVELS = ['individu', 'keluarga'] as const

/** `titian reconcile`: what a platform sent and what BPS says of it in a quarter, as the console shows it. */
export function reconcileCommand(context: CliContext): Command {
  return new Command('reconcile')
    .description(
      'Show what a platform sent and what BPS says of it in a quarter; ends with 1 when a sum does not close',
    )
    .requiredOption('--platform <name>', 'platform whose records are reconciled')
    .option('--quarter <name>', 'year and quarter, as 2026-Q3; the present one if not given')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id of the platform, or of a steward')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (options: Options) => {
      const { platform, quarter } = options
      if (quarter !== undefined && !new RegExp(QUARTER_PATTERN).test(quarter))
        throw new TitianError('bad-request', '--quarter is year and quarter, as 2026-Q3')
      const gateway = openGatewayClient(
        await findCredentials(options, options.data, { platform }),
        context.signal,
        context.env,
      )
      try {
        const found = await read(gateway, platform, quarter)
        const closes = found.every(isClosed)
        if (options.json) context.out(JSON.stringify({ platform, quarter: found[0]?.quarter, closes, levels: found }))
        else for (const line of linesOf(found, closes)) context.out(line)
        if (!closes) context.exit(1)
      } finally {
        await gateway.close()
      }
    })
}

async function read(gateway: Gateway, platform: string, quarter: string | undefined): Promise<Totals[]> {
  const totals: Totals[] = []
  for (const level of LEVELS) {
    const query = new URLSearchParams({ platform, level, ...(quarter !== undefined && { quarter }) })
    totals.push(await gateway.get<Totals>(`/v1/reconciliation?${query}`))
  }
  return totals
}

/** Whether every record that was sent is on exactly one list. */
function isClosed({ sent, lists }: Totals): boolean {
  return Object.values(lists).reduce((sum, records) => sum + records, 0) === sent
}

function linesOf(found: readonly Totals[], closes: boolean): string[] {
  const [first] = found
  if (first === undefined) return []
  const row = (name: string, of: (totals: Totals) => number) => [name, ...found.map((totals) => String(of(totals)))]
  const lists = Object.keys(first.lists) as (keyof Totals['lists'])[]
  const rows = [
    ['', ...found.map(({ level }) => level)],
    row('sent', ({ sent }) => sent),
    ...lists.map((list) => row(`  ${list}`, (totals) => totals.lists[list])),
    row('never sent', ({ never_sent }) => never_sent),
    row('moved in', ({ moved_in }) => moved_in),
    row('two records, one subject', ({ duplicates }) => duplicates),
  ]
  const { composed, acknowledged, signed } = first.deliveries
  return [
    `${first.platform}, ${first.quarter}`,
    ...table(rows, 1),
    `deliveries: ${composed} composed, ${acknowledged} acknowledged by BPS, ${signed} signed for`,
    closes ? 'The sums close.' : 'The sums do not close.',
  ]
}
