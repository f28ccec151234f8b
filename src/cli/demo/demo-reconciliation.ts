import type { Static } from 'typebox'
import type { Reconciliation } from '../../reports/reconciliation/reconciliation-shapes.ts'
import type { Gateway } from '../client/push.client.ts'
import { table } from '../table.ts'

/** What each platform sent, and on which lists its records are. */
export type DemoReconciliation = Record<string, Static<typeof Reconciliation>>

/** Reads the reconciliation of each platform for the quarter that it has results of, as its office would. */
export async function reconcile(
  platforms: readonly string[],
  gatewayOf: (platform: string) => Promise<Gateway>,
  quarter: string,
): Promise<DemoReconciliation> {
  const read = async (platform: string) => {
    const gateway = await gatewayOf(platform)
    return [
      platform,
      await gateway.get<Static<typeof Reconciliation>>(`/v1/reconciliation?quarter=${quarter}`),
    ] as const
  }
  return Object.fromEntries(await Promise.all(platforms.map(read)))
}

/** Whether every record that was sent is on exactly one list. */
export function isReconciled(reconciliation: DemoReconciliation): boolean {
  return Object.values(reconciliation).every(
    ({ sent, lists }) => Object.values(lists).reduce((sum, records) => sum + records, 0) === sent,
  )
}

/** The reconciliation as lines of the report: a row for each list, a column for each platform. */
export function formatReconciliation(reconciliation: DemoReconciliation, quarter: string): string[] {
  const platforms = Object.keys(reconciliation).sort()
  const row = (name: string, of: (found: DemoReconciliation[string]) => number) => [
    name,
    ...platforms.map((platform) => {
      const found = reconciliation[platform]
      return found === undefined ? '' : String(of(found))
    }),
  ]
  const lists = Object.keys(
    reconciliation[platforms[0] ?? '']?.lists ?? {},
  ) as (keyof DemoReconciliation[string]['lists'])[]
  const rows = [
    row('sent', ({ sent }) => sent),
    ...lists.map((list) => row(`  ${list}`, (found) => found.lists[list])),
    row('never sent', ({ never_sent }) => never_sent),
    row('moved in', ({ moved_in }) => moved_in),
    row('two records, one person', ({ duplicates }) => duplicates),
  ]
  return [`Reconciliation of persons, ${quarter}`, ...table([['', ...platforms], ...rows], 1)]
}
