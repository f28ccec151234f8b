import { Command } from 'commander'
import type { Static } from 'typebox'
import type { RecordWay } from '../../reports/shapes.ts'
import { refusalOfDataset } from '../client/refusal.ts'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type AskOptions, asking, orMissing, withAskOptions } from './asking.ts'

type Way = Static<typeof RecordWay>
type Options = AskOptions & { platform: string }

/** `titian record`: the whole way of one record, as a steward may see it; no value of it is shown. */
export function recordCommand(context: CliContext): Command {
  const command = new Command('record')
    .description('Show the way of one record: when it came, what was found, what it was linked to, where it was sent')
    .argument('<dataset>', 'dataset of the record')
    .argument('<key>', "the platform's own key of it")
    .requiredOption('--platform <name>', 'platform that pushed it')
  return withAskOptions(command, context).action((dataset: string, key: string, options: Options) =>
    asking(
      context,
      options,
      async (gateway) => {
        const place = `${encodeURIComponent(dataset)}/${encodeURIComponent(key)}`
        const query = new URLSearchParams({ platform: options.platform })
        const asked = gateway.get<Way>(`/v1/records/${place}?${query}`, 'en')
        // The key stays out of it: some platforms take the NIK for one.
        const what = `record of this key in ${dataset} of ${options.platform}`
        const way = await orMissing(asked, what).catch(async (error: unknown) => {
          throw await refusalOfDataset(gateway, dataset, error)
        })
        if (options.json) return context.out(JSON.stringify(way))
        for (const line of wayLines(way, painter(context))) context.out(line)
        const last = way.entries.at(-1)
        if (last?.outcome === 'held' && last.corrected_by === null) context.err(`Next: titian batches ${last.batch}`)
      },
      'steward',
    ),
  )
}

function wayLines({ entries, withdrawn, subjects, deliveries, results }: Way, paint: ReturnType<typeof painter>) {
  const lines = ['Came']
  const came = entries.map((entry) => [
    entry.received_at.slice(0, 16).replace('T', ' '),
    entry.batch,
    `line ${entry.line}`,
    entry.corrected_by ? `${entry.outcome}, corrected` : entry.outcome,
    entry.findings.map(({ code, path }) => `${code} ${path || '/'}`).join(', '),
  ])
  lines.push(...(came.length > 0 ? table(came, 9) : ['  never']))
  if (withdrawn) lines.push(paint('yellow', `Withdrawn by ${withdrawn.batch}: ${withdrawn.title}`))
  lines.push('Is')
  const is = subjects.map(({ id, level, version, merged_into }) => [
    id,
    level,
    `version ${version}`,
    merged_into ? `now ${merged_into}` : '',
  ])
  lines.push(...(is.length > 0 ? table(is, 9) : ['  nobody yet']))
  lines.push('Sent')
  const sent = deliveries.map(({ id, status, attempts, last_reason, acknowledged_at, taken }) => [
    id,
    taken === false ? paint('red', `${status}, not all of it taken`) : status,
    attempts === 1 ? 'sent once' : `sent ${attempts} times`,
    acknowledged_at ?? last_reason ?? '-',
  ])
  lines.push(...(sent.length > 0 ? table(sent, 9) : ['  not yet']))
  lines.push(`BPS said ${results.length === 0 ? 'nothing yet' : `${results.length} results`}`)
  return lines
}
