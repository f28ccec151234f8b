import { findCredentials } from '../../src/cli/client/credentials.ts'
import { type Gateway, openGatewayClient } from '../../src/cli/client/push.client.ts'
import { judge } from '../../tests/support/oracle.ts'
import type { Journal } from './sender.ts'
import { readReceiver, type World } from './world.ts'

/** What somebody outside finds who knows the senders' journals alone. All but the first four must be 0. */
export type Verdict = {
  attempted: number
  acknowledged: number
  /** As the senders counted them. */
  entries: number
  /** Versions of subjects that the receiver applied. */
  effects: number
  unsettled: number
  lost: number
  doubled: number
  unexpected: number
  gap: number
  /** Keys without an answer or refused for good, and keys answered with two batches. */
  astray: number
  /** Batches in the gateway's list that no sender had an answer for. */
  strangers: number
}

/** The API as the ops team sees it: batches of all platforms. */
async function openOps({ data }: World, signal: AbortSignal): Promise<Gateway> {
  return openGatewayClient(await findCredentials({}, data, { role: 'ops' }), signal)
}

/** Waits until every acknowledged batch is settled; those that are not when the signal comes. */
export async function unsettled({ acknowledged }: Journal, world: World, signal: AbortSignal): Promise<string[]> {
  const open = new Set(acknowledged.map(({ batch }) => batch))
  const ops = await openOps(world, signal)
  for (const batch of [...open]) {
    const isSettled = await ops.settled(batch).catch(() => undefined)
    if (isSettled) open.delete(batch)
  }
  await ops.close()
  return [...open]
}

/** Holds the senders' journal against the sums, the lists and the receiver's journal. */
export async function judgeRun(
  { attempted, acknowledged, astray }: Journal,
  open: readonly string[],
  world: World,
): Promise<Verdict> {
  const signal = new AbortController().signal
  const ops = await openOps(world, signal)
  const sums = await ops.get<{ gap: number }>('/v1/conservation')
  const known = new Set(acknowledged.map(({ batch }) => batch))
  const strangers = (await allBatches(ops)).filter((batch) => !known.has(batch)).length
  const receiver = await readReceiver(world.data)
  const sent = new Map(acknowledged.map(({ batch, entries }) => [batch, entries]))
  // The judge closes what it was given.
  const found = await judge({ receiver, as: () => ops }, sent)
  return {
    attempted,
    acknowledged: acknowledged.length,
    entries: acknowledged.reduce((sum, { entries }) => sum + entries, 0),
    unsettled: open.length,
    ...found,
    gap: found.gap + Math.abs(sums.gap),
    astray: astray.length,
    strangers,
  }
}

/** Whether nothing is wrong, and something was done. */
export function isClean(verdict: Verdict): boolean {
  const { unsettled, lost, doubled, unexpected, gap, astray, strangers, acknowledged, effects } = verdict
  const wrong = [unsettled, lost, doubled, unexpected, gap, astray, strangers]
  return wrong.every((count) => count === 0) && acknowledged > 0 && effects > 0
}

async function allBatches(ops: Gateway): Promise<string[]> {
  const ids: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: { batches: { id: string }[]; next: string | null } = await ops.get(`/v1/batches?limit=100${next}`)
    ids.push(...page.batches.map(({ id }) => id))
    next = page.next === null ? null : `&after=${page.next}`
  }
  return ids
}
