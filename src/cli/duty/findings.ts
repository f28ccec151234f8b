import { Command, Option } from 'commander'
import type { Static } from 'typebox'
import { OUTCOMES } from '../../domain/states.ts'
import type { FindingItem } from '../../engine/batch-shapes.ts'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type AskOptions, asking, batchIdOf, countOf, orMissing, withAskOptions } from './asking.ts'

type Options = AskOptions & { code?: string; severity?: string; field?: string; outcome?: string; limit: string }
type Page = { findings: Static<typeof FindingItem>[]; next: string | null }

const FILTERS = ['code', 'severity', 'field', 'outcome'] as const

/** `titian findings`: what is wrong with the entries of a batch, by line and place, without a value. */
export function findingsCommand(context: CliContext): Command {
  const command = new Command('findings')
    .description('List what was found in a batch, by line and field; no value is shown')
    .argument('<batch>', 'id of the batch')
    .option('--code <code>', 'of this code')
    .addOption(new Option('--severity <which>', 'of this severity').choices(['error', 'hold', 'warning']))
    .option('--field <pointer>', 'in this field, as /anggota/*/nik')
    .addOption(new Option('--outcome <which>', 'of entries that became this').choices([...OUTCOMES]))
    .option('--limit <number>', 'how many, at most', '50')
  return withAskOptions(command, context).action((batch: string, options: Options) =>
    asking(context, options, async (gateway) => {
      const limit = countOf(options.limit, '--limit', 100_000)
      const query = new URLSearchParams({ limit: String(Math.min(limit, 10_000)) })
      for (const name of FILTERS) if (options[name] !== undefined) query.set(name, options[name])
      const found: Page['findings'] = []
      let next: string | null = null
      // A page may be shorter than asked for and still have a next one.
      do {
        if (next !== null) query.set('after', next)
        const asked = gateway.get<Page>(`/v1/batches/${batchIdOf(batch)}/findings?${query}`, 'en')
        const page: Page = await orMissing(asked, `batch ${batch}`)
        found.push(...page.findings)
        next = page.next
      } while (next !== null && found.length < limit)
      const isMore = next !== null || found.length > limit
      found.length = Math.min(found.length, limit)
      if (options.json) return context.out(JSON.stringify({ findings: found, more: isMore }))
      if (found.length === 0) return context.out('  none')
      const paint = painter(context)
      const weights = { error: 'red', hold: 'yellow', warning: 'dim' } as const
      const rows = found.map(({ line, severity, code, path, outcome, corrected_by, title }) => [
        String(line),
        paint(weights[severity], severity),
        code,
        path || '/',
        corrected_by ? 'corrected' : (outcome ?? 'pending'),
        title,
      ])
      for (const line of table([['line', 'severity', 'code', 'field', 'entry', 'what'], ...rows], 0, 0))
        context.out(line)
      if (isMore) context.err(`The first ${limit}: there are more (--limit).`)
    }),
  )
}
