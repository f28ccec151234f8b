import { BRIDGE_LEVELS, type BridgeLevel } from './bridge-level.ts'
import type { Place } from './places.ts'
import { foldPlace } from './regions.ts'

export type PlaceChange = { bps: string; before?: string; after?: string }
/** What a new list changes: codes and their names, or their partners where they are paired anew. */
export type BridgeChanges = {
  added: PlaceChange[]
  gone: PlaceChange[]
  renamed: PlaceChange[]
  repaired: PlaceChange[]
}

/** The newest row of each BPS code. */
function newestPlaces(places: readonly Place[]): Map<string, Place> {
  const newest = new Map<string, Place>()
  for (const place of places) {
    const known = newest.get(place.bps)
    if (known === undefined || known.period <= place.period) newest.set(place.bps, place)
  }
  return newest
}

/** Compares a new list with the one before, below the parents that the new one is about. */
export function compareBridges(before: readonly Place[], after: readonly Place[], level: BridgeLevel): BridgeChanges {
  const width = BRIDGE_LEVELS[level].bpsAbove
  const covered = new Set(after.map(({ bps }) => bps.slice(0, width)))
  const [old, now, partners] = [newestPlaces(before), newestPlaces(after), partnersIn(after)]
  const changes: BridgeChanges = { added: [], gone: [], renamed: [], repaired: [] }
  for (const { bps, name } of now.values()) if (!old.has(bps)) changes.added.push({ bps, after: name })
  for (const { bps, name, kemendagri } of old.values()) {
    const other = now.get(bps)
    if (other === undefined) {
      if (covered.has(bps.slice(0, width))) changes.gone.push({ bps, before: name })
      continue
    }
    if (foldPlace(name) !== foldPlace(other.name)) changes.renamed.push({ bps, before: name, after: other.name })
    if (!partners.get(bps)?.has(kemendagri.replaceAll('.', '')))
      changes.repaired.push({ bps, before: kemendagri, after: other.kemendagri })
  }
  return changes
}

/**
 * Merges a new list into the one before. Rows of other periods stay, since codes of those times still arrive; rows of the same
 * period are replaced. A name that differs only in blanks or capitals keeps its spelling, and further names are kept.
 */
export function mergeBridges(before: readonly Place[], after: readonly Place[]): Place[] {
  const old = newestPlaces(before)
  const codes = new Set(after.map(({ bps }) => bps))
  const period = after[0]?.period
  const kept = before.filter((place) => place.period !== period || !codes.has(place.bps))
  const fresh = after.map((place) => {
    const known = old.get(place.bps)
    const name = known !== undefined && foldPlace(known.name) === foldPlace(place.name) ? known.name : place.name
    const bpsName = foldPlace(place.bpsName) === foldPlace(name) ? '' : place.bpsName
    return { ...place, name, bpsName, otherNames: known?.otherNames ?? [] }
  })
  const orderOf = ({ bps, period, kemendagri }: Place) => `${bps} ${period} ${kemendagri}`
  return [...kept, ...fresh].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

/** BPS codes, and the Kemendagri digits that each is paired with. */
export function partnersIn(places: readonly Place[]): Map<string, Set<string>> {
  const partners = new Map<string, Set<string>>()
  for (const { bps, kemendagri } of places)
    partners.set(bps, (partners.get(bps) ?? new Set()).add(kemendagri.replaceAll('.', '')))
  return partners
}
