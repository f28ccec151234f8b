import { Command } from 'commander'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import type { BatchReportView } from '../../reports/batch/report-shape.ts'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type AskOptions, asking, countOf, withAskOptions } from './asking.ts'
import { CUT, findBatches, heldOf } from './batches.ts'

type Options = AskOptions & { platform?: string; dataset?: string; limit: string }
type Held = { batch: string; platform: string; dataset: string; since: string; held: number; causes: string[] }

/** `titian held`: what waits for somebody, in which batches, and why. */
export function heldCommand(context: CliContext): Command {
  const command = new Command('held')
    .description('List batches with held entries, the oldest first, with the reasons that hold them')
    .option('--platform <name>', 'of this platform')
    .option('--dataset <name>', 'of this dataset')
    .option('--limit <number>', 'how many batches, at most', '50')
  return withAskOptions(command, context).action((options: Options) =>
    asking(context, options, async (gateway) => {
      const limit = countOf(options.limit, '--limit', 1000)
      const { platform, dataset } = options
      const filter = { ...(platform && { platform }), ...(dataset && { dataset }), held: true } as const
      const { batches, isCut } = await findBatches(gateway, filter, limit)
      if (isCut) context.err(CUT)
      const found: Held[] = []
      for (const batch of batches.reverse()) {
        const path = `/v1/batches/${encodeURIComponent(batch.id)}/report`
        found.push(heldIn(batch, await gateway.get<BatchReportView>(path, 'en')))
      }
      const sum = found.reduce((total, { held }) => total + held, 0)
      if (options.json) return context.out(JSON.stringify({ held: sum, batches: found }))
      if (found.length === 0) return context.out('  nothing is held')
      const paint = painter(context)
      const rows = found.map(({ batch, platform, dataset, since, held, causes }) => [
        batch,
        platform,
        dataset,
        since.slice(0, 10),
        paint('yellow', String(held)),
        causes.join(', '),
      ])
      for (const line of table([['batch', 'platform', 'dataset', 'since', 'held', 'why'], ...rows], 4, 4))
        context.out(line)
      context.out(
        `  ${sum} ${sum === 1 ? 'entry' : 'entries'} in ${found.length} ${found.length === 1 ? 'batch' : 'batches'}`,
      )
      context.err(`Next: titian batches ${found[0]?.batch}   what holds the oldest, and what to do`)
    }),
  )
}

/** Of a batch what holds its entries; findings of entries that came well later are counted among them. */
function heldIn(batch: BatchView, { causes }: BatchReportView): Held {
  return {
    batch: batch.id,
    platform: batch.platform,
    dataset: batch.dataset,
    since: batch.created_at,
    held: heldOf(batch),
    causes: causes.filter(({ severity }) => severity === 'hold').map(({ code, entries }) => `${code} ${entries}`),
  }
}
