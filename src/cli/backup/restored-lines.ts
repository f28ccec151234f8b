import type { Restored } from '../../reports/operations/restored.sql.ts'
import { table } from '../table.ts'

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** What a restored copy has lost and what is still to be done, as lines for people. */
export function restoredLines(restored: Restored): string[] {
  const { at, newest, platforms } = restored
  return [
    `restored ${minute(at)}; the copy goes up to delivery ${newest ?? 'none'}`,
    bpsLine(restored),
    ...(platforms.length === 0 ? [] : ['what each platform pushed after the batch named here is to be pushed again:']),
    ...platformTable(restored),
  ]
}

function bpsLine({ isAsked, isOffered, withdrawn, older }: Restored): string {
  if (!isOffered)
    return 'BPS does not say what it took (GET /v1/subjects): tell it which time is concerned; people may stand there twice'
  const found = `${withdrawn} withdrawn there that this copy does not know, ${older} that stay there as they are, newer than here`
  if (isAsked) return `BPS was asked what it took beyond that: ${found}`
  return `BPS is yet to be asked what it took beyond that: a worker does it (so far ${found})`
}

function platformTable({ platforms }: Restored): string[] {
  if (platforms.length === 0) return []
  const rows = platforms.map(({ platform, batch, receivedAt, pushedSince, isTold }) => [
    platform,
    batch ?? 'none is known: everything',
    receivedAt === null ? '-' : minute(receivedAt),
    String(pushedSince),
    isTold ? 'webhook gateway.restored' : 'nobody yet: write to them',
  ])
  return table([['platform', 'last batch known', 'came', 'pushed since', 'told by'], ...rows], 3, 3)
}

/** The same as JSON has it. */
export function restoredView({ at, isAsked, isOffered, platforms, ...rest }: Restored) {
  return {
    ...rest,
    restored_at: at.toISOString(),
    asked: isAsked,
    offered: isOffered,
    platforms: platforms.map(({ platform, batch, receivedAt, pushedSince, isTold }) => ({
      platform,
      last_batch: batch,
      last_received_at: receivedAt?.toISOString() ?? null,
      pushed_since: pushedSince,
      told: isTold,
    })),
  }
}
