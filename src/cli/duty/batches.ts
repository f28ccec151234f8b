import { Command, Option } from 'commander'
import { BATCH, COUNTED } from '../../domain/states.ts'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import type { BatchReportView } from '../../reports/batch/report-shape.ts'
import type { Gateway } from '../client/push.client.ts'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type AskOptions, asking, batchIdOf, countOf, orMissing, withAskOptions } from './asking.ts'

type Filter = { platform?: string; dataset?: string; state?: string; held?: true }
type Options = AskOptions & Filter & { limit: string }

const PAGE = 100
const MOST_READ = 10_000

/** `titian batches`: the newest batches that a filter leaves, or one of them with what was found in it. */
export function batchesCommand(context: CliContext): Command {
  const command = new Command('batches')
    .description('List the newest batches; with an id, show one: what became of it, why, and what to do')
    .argument('[id]', 'id of a batch')
    .option('--platform <name>', 'of this platform')
    .option('--dataset <name>', 'of this dataset')
    .addOption(new Option('--state <state>', 'in this state').choices(Object.keys(BATCH)))
    .option('--held', 'with entries that are held, and that no later batch has brought well')
    .option('--limit <number>', 'how many, at most', '20')
  return withAskOptions(command, context).action((id: string | undefined, options: Options) =>
    asking(context, options, async (gateway) => {
      if (id !== undefined) return showBatch(context, gateway, id, options)
      const limit = countOf(options.limit, '--limit', 100_000)
      const { batches, isCut } = await findBatches(gateway, options, limit)
      if (isCut) context.err(CUT)
      if (options.json) return context.out(JSON.stringify({ batches }))
      for (const line of batchLines(batches, painter(context))) context.out(line)
      const first = batches.find((batch) => heldOf(batch) > 0) ?? batches[0]
      if (first !== undefined) context.err(`Next: titian batches ${first.id}`)
    }),
  )
}

/** The newest batches that a filter leaves; `isCut`: others may lie further back than was looked. */
export async function findBatches(
  gateway: Gateway,
  filter: Filter,
  limit: number,
): Promise<{ batches: BatchView[]; isCut: boolean }> {
  const batches: BatchView[] = []
  let after = ''
  for (let read = 0; read < MOST_READ; read += PAGE) {
    const query = `limit=${PAGE}${after && `&after=${encodeURIComponent(after)}`}`
    const page = await gateway.get<{ batches: BatchView[]; next: string | null }>(`/v1/batches?${query}`, 'en')
    batches.push(...page.batches.filter((batch) => matches(batch, filter)))
    if (batches.length >= limit || page.next === null) return { batches: batches.slice(0, limit), isCut: false }
    after = page.next
  }
  return { batches, isCut: true }
}

/** What is said where a filter found less than was asked for, and did not look at everything. */
export const CUT = 'Looked at the newest 10000 batches only.'

/** Held entries of a batch that no later batch has brought well. */
export function heldOf({ counts, corrected }: Pick<BatchView, 'counts' | 'corrected'>): number {
  return counts.held - corrected.held
}

function matches(batch: BatchView, { platform, dataset, state, held }: Filter): boolean {
  return (
    (platform === undefined || batch.platform === platform) &&
    (dataset === undefined || batch.dataset === dataset) &&
    (state === undefined || batch.state === state) &&
    (held === undefined || heldOf(batch) > 0)
  )
}

function batchLines(batches: readonly BatchView[], paint: ReturnType<typeof painter>): string[] {
  if (batches.length === 0) return ['  none']
  const count = (name: string, value: number) =>
    value > 0 && (name === 'held' || name === 'rejected') ? paint('yellow', String(value)) : String(value)
  const rows = batches.map((batch) => [
    batch.id,
    batch.platform,
    batch.dataset,
    batch.state === BATCH.settled ? batch.state : paint('green', batch.state),
    batch.created_at.slice(0, 16).replace('T', ' '),
    ...COUNTED.map((name) => count(name, batch.counts[name])),
  ])
  return table([['batch', 'platform', 'dataset', 'state', 'since (UTC)', ...COUNTED], ...rows], 5)
}

async function showBatch(context: CliContext, gateway: Gateway, id: string, { json }: Options): Promise<void> {
  const asked = gateway.get<BatchReportView>(`/v1/batches/${batchIdOf(id)}/report`, 'en')
  const report = await orMissing(asked, `batch ${id}`)
  if (json) return context.out(JSON.stringify(report))
  const { batch, verdict, causes } = report
  const paint = painter(context)
  context.out(verdict)
  for (const line of batchLines([batch], paint)) context.out(line)
  for (const [name, at] of [
    ['came', batch.received_at],
    ['ended', batch.settled_at],
    ['aborted', batch.aborted_at],
    ['refused', batch.refused_at],
    ['expected', batch.settled_at ? null : (batch.expected_at ?? null)],
  ])
    if (at) context.out(`  ${name} ${at}`)
  if (batch.deliveries) context.out(`  deliveries: ${sumsOf(batch.deliveries)}`)
  if (batch.corrected.held + batch.corrected.rejected > 0)
    context.out(`  corrected by later batches: ${sumsOf(batch.corrected)}`)
  for (const { severity, code, entries, title, mend, fields } of causes) {
    const weight = severity === 'warning' ? 'dim' : severity === 'hold' ? 'yellow' : 'red'
    context.out('')
    context.out(
      `${paint(weight, severity)}  ${code}  ${entries} ${entries === 1 ? 'entry' : 'entries'}  ${fields.map(({ field }) => field).join(' ')}`.trimEnd(),
    )
    context.out(`  ${title}`)
    context.out(`  ${mend}`)
  }
  if (causes.length > 0) context.err(`Next: titian findings ${batch.id} --code ${causes[0]?.code}`)
  if (heldOf(batch) === 0) return
  const isReused = causes.some(({ code }) => code === 'key-reused')
  context.err(`      titian batch release ${batch.id}   once a rule or a code list was mended`)
  if (isReused)
    context.err(`      titian batch release ${batch.id} --code key-reused --reason "..."   where it is the same one`)
}

function sumsOf(counts: Readonly<Record<string, unknown>>): string {
  return Object.entries(counts)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}
