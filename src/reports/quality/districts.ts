/** Accepted entries of a district by its BPS code, and how many of them something was found in. */
export type CountedDistrict = { district: string; entries: number; found: number }

/** A district of a platform's scope with its counts; `share` is that of the entries without a finding, null without any entry. */
export type JudgedDistrict = {
  bps: string
  name: string
  regency: string
  entries: number
  found: number
  share: number | null
}

/** Judges every district of a scope, also those that nothing came from; those outside of it come last, under their codes. */
export function judgeDistricts(
  scope: readonly { bps: string; name: string; regency: string }[],
  counted: readonly CountedDistrict[],
): JudgedDistrict[] {
  const counts = new Map(counted.map((one) => [one.district, one]))
  const known = new Set(scope.map(({ bps }) => bps))
  const outside = counted
    .filter(({ district }) => !known.has(district))
    .map(({ district }) => ({ bps: district, name: district, regency: '' }))
  return [...scope, ...outside].map((place) => {
    const { entries = 0, found = 0 } = counts.get(place.bps) ?? {}
    return { ...place, entries, found, share: entries === 0 ? null : 1 - found / entries }
  })
}
