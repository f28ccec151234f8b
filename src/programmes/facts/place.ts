/** A region of BPS: province, regency, district or village; the scheme may stand before it. */
export const REGION = '^(bps:)?[0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?$'

/** Whether somebody lives within a region; `unknown` where the place is not known deep enough to say. */
export type Within = 'inside' | 'outside' | 'unknown'

/** Compares BPS codes: a village lies in the regency whose code its own begins with. */
function isWithin(place: string | undefined, region: string): Within {
  if (place?.startsWith(region)) return 'inside'
  return place === undefined || region.startsWith(place) ? 'unknown' : 'outside'
}

/** Whether a resident belongs on a list: within the platform's scope and, of that, within the region that was asked for. */
export function belongsHere(place: string | undefined, scope: readonly string[], region: string): Within {
  const within = scope.map((prefix) => isWithin(place, prefix))
  if (within.every((one) => one === 'outside')) return 'outside'
  const asked = isWithin(place, region)
  return asked === 'inside' && !within.includes('inside') ? 'unknown' : asked
}

/** The region asked for lies within the scope of the platform. */
export function isInScope(region: string, scope: readonly string[]): boolean {
  return region === '' || scope.some((prefix) => region.startsWith(prefix))
}
