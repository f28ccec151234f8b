/** One choice of a list with weights, as `Accept`, `Accept-Language` and `Accept-Encoding` carry it; in lower case. */
export type Weighted = { value: string; weight: number }

const MOST = 50

/**
 * Reads a list with weights (RFC 9110, 12.4.2) in its order; parameters other than `q` are passed over. A choice with a weight that
 * cannot be read says nothing.
 */
export function weightedList(header: string | undefined): Weighted[] {
  const found: Weighted[] = []
  for (const range of (header ?? '').toLowerCase().split(',').slice(0, MOST)) {
    const [value = '', ...params] = range.split(';').map((part) => part.trim())
    const weight = weightOf(params)
    if (value !== '' && weight !== undefined) found.push({ value, weight })
  }
  return found
}

function weightOf(params: readonly string[]): number | undefined {
  const quality = params.find((param) => /^q\s*=/.test(param))
  if (quality === undefined) return 1
  const text = quality.replace(/^q\s*=\s*/, '')
  return /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : undefined
}
