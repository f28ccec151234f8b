import type { Counts } from './states.ts'

/** received − new − updated − unchanged − rejected − held − pending: always 0, or entries were lost or doubled. */
export function gap(received: number, counts: Counts, pending: number): number {
  return received - counts.new - counts.updated - counts.unchanged - counts.rejected - counts.held - pending
}
