import type { NewEvent } from './events.ts'

/** What is known of a platform after a restore: its last push that the restored copy has, if it has any. */
export type KnownPush = { platform: string; batch: string | null; receivedAt: Date | null }

/** The events that tell platforms from when on to push again; each restore, named by the feed's epoch, is told once. */
export function restoredEvents(
  { epoch, at }: { epoch: string; at: Date },
  platforms: readonly KnownPush[],
): NewEvent<'gateway.restored'>[] {
  return platforms.map(({ platform, batch, receivedAt }) => ({
    platform,
    type: 'gateway.restored' as const,
    name: `gateway.restored ${platform} ${epoch}`,
    data: {
      restored_at: at.toISOString(),
      last_batch: batch,
      last_received_at: receivedAt?.toISOString() ?? null,
    },
  }))
}
