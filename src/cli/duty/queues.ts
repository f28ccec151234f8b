import { Command } from 'commander'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'
import { table } from '../table.ts'
import { type AskOptions, asking, withAskOptions } from './asking.ts'

type Queue = { name: string; paused: boolean; counts: Record<string, number> }

/** `titian queues`: how many notices wait in which queue. */
export function queuesCommand(context: CliContext): Command {
  const command = new Command('queues').description(
    'Show the queues: waiting, under way, failed, and whether each is paused',
  )
  return withAskOptions(command, context).action((options: AskOptions) =>
    asking(context, options, async (gateway) => {
      const { queues } = await gateway.get<{ queues: Queue[] }>('/v1/queues', 'en')
      const rows = queues.map(({ name, paused, counts }) => ({
        queue: name,
        waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0) + (counts.delayed ?? 0) + (counts.paused ?? 0),
        active: counts.active ?? 0,
        failed: counts.failed ?? 0,
        paused,
      }))
      if (options.json) return context.out(JSON.stringify({ queues: rows }))
      const paint = painter(context)
      const cells = rows.map(({ queue, waiting, active, failed, paused }) => [
        queue,
        String(waiting),
        String(active),
        failed > 0 ? paint('red', String(failed)) : '0',
        paused ? paint('yellow', 'paused') : '',
      ])
      for (const line of table([['queue', 'waiting', 'active', 'failed', ''], ...cells], 1, 3)) context.out(line)
      context.err('A queue holds notices of chunks only; how much is left to do: titian status')
    }),
  )
}
