/** How a part of this process stands; all in seconds. `sinceEnd` is null while nothing of it has ended yet. */
type Standing = { part: string; things: number; inHand: number; sinceEnd: number | null }

/** What this process has in hand, by parts: the queues that it answers, its sweeps. */
export type WorkInHand = {
  /** Says that a part took something in hand; what comes back says that it has ended, well or not. */
  begin(part: string): () => void
  /** Every part that ever had something, with how long its oldest thing has been in hand: 0 where it has none. */
  standings(): Standing[]
}

/** Keeps account of what is in hand; `now` gives milliseconds of a clock that never goes back. */
export function openProgress(now: () => number): WorkInHand {
  const parts = new Map<string, { begun: Set<{ at: number }>; ended: number | null }>()
  return {
    begin(part) {
      const known = parts.get(part) ?? { begun: new Set(), ended: null }
      parts.set(part, known)
      const thing = { at: now() }
      known.begun.add(thing)
      return () => {
        known.begun.delete(thing)
        known.ended = now()
      }
    },
    standings: () =>
      [...parts].map(([part, { begun, ended }]) => {
        // A set keeps the order of insertion: the first is the oldest.
        const [oldest] = begun
        return {
          part,
          things: begun.size,
          inHand: oldest === undefined ? 0 : (now() - oldest.at) / 1000,
          sinceEnd: ended === null ? null : (now() - ended) / 1000,
        }
      }),
  }
}

/** How long the oldest thing that any part has in hand has been there, in seconds. */
export function longestInHand(progress: Pick<WorkInHand, 'standings'>): number {
  return Math.max(0, ...progress.standings().map(({ inHand }) => inHand))
}

/** Which part has had something in hand for longer than so many seconds, in words; undefined when none has. */
export function stuckPart(progress: Pick<WorkInHand, 'standings'>, seconds: number): string | undefined {
  const stuck = progress.standings().find(({ inHand }) => inHand > seconds)
  return stuck && `${stuck.part} has been at one thing for ${Math.round(stuck.inHand)} s`
}

/** One line for each part, for whoever looks: `clean usual: 1 in hand for 3 s, last ended 12 s ago`. */
export function standingLines(progress: Pick<WorkInHand, 'standings'>): string[] {
  return progress.standings().map(({ part, things, inHand, sinceEnd }) => {
    const has = things === 0 ? 'nothing in hand' : `${things} in hand for ${Math.round(inHand)} s`
    return `${part}: ${has}, ${sinceEnd === null ? 'none ended yet' : `last ended ${Math.round(sinceEnd)} s ago`}`
  })
}
