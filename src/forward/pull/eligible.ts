/** A delivery that nobody has acknowledged. `hashes` of the subjects it touches; undefined where they are not known. */
export type Unacknowledged = { isLeased: boolean; hashes: Uint32Array | undefined }

/**
 * Of open deliveries in the order of the feed, those that may be given to one puller now, `most` of them: none that somebody has,
 * and none that shares a subject with an earlier one that is not given with it. So no subject is ever told out of order.
 */
export function eligible<T extends Unacknowledged>(open: readonly T[], most: number): T[] {
  const given: T[] = []
  const held = new Set<number>()
  // Nobody knows what such a delivery touches: it may go before nothing and after nothing.
  let isAnyUnknownHeld = false
  let isAnyHeld = false
  for (const delivery of open) {
    const { hashes } = delivery
    const waits = hashes === undefined ? isAnyHeld : isAnyUnknownHeld || hashes.some((hash) => held.has(hash))
    if (!delivery.isLeased && !waits && given.length < most) {
      given.push(delivery)
      continue
    }
    isAnyHeld = true
    if (hashes === undefined) isAnyUnknownHeld = true
    for (const hash of hashes ?? []) held.add(hash)
  }
  return given
}
