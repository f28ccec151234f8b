import { weightedList } from './weighted.ts'

/**
 * The content coding that an `Accept-Encoding` likes best (RFC 9110, 12.5.3), zstd among equals; undefined when it takes neither.
 * A client that says nothing is taken to know none.
 */
export function codingFor(header: string | undefined): 'zstd' | 'identity' | undefined {
  const weights = new Map(weightedList(header).map(({ value, weight }) => [value, weight]))
  const rest = weights.get('*')
  const zstd = weights.get('zstd') ?? rest ?? 0
  // Identity is acceptable until it is refused, but nobody asked for it.
  const identity = weights.get('identity') ?? (rest === 0 ? 0 : undefined)
  if (zstd > 0 && zstd >= (identity ?? 0)) return 'zstd'
  return identity === 0 ? undefined : 'identity'
}
