import type { FastifyReply, FastifyRequest } from 'fastify'
import { TitianError } from '../../domain/error.ts'
import { varyBy } from './vary.ts'
import { weightedList } from './weighted.ts'

/**
 * The media type, of those that are offered, that an `Accept` header likes best (RFC 9110, 12.5.1): by weight, then the one that is
 * named more exactly, then the one named first. The first offered without a header; undefined when none is acceptable.
 */
export function bestType<T extends string>(header: string | undefined, offered: readonly T[]): T | undefined {
  const ranges = weightedList(header)
  if (ranges.length === 0) return offered[0]
  const found = offered.flatMap((type, place) => {
    const names = [type, `${type.split('/')[0]}/*`, '*/*']
    // The most exact range that names a type decides about it, a refusal too.
    for (const [vagueness, name] of names.entries()) {
      const at = ranges.findIndex(({ value }) => value === name)
      if (at >= 0) return [{ type, weight: ranges[at]?.weight ?? 0, vagueness, at, place }]
    }
    return []
  })
  found.sort((a, b) => b.weight - a.weight || a.vagueness - b.vagueness || a.at - b.at || a.place - b.place)
  const [best] = found
  return best !== undefined && best.weight > 0 ? best.type : undefined
}

/** The media type to answer a request in, for a route that has a choice; throws `not-acceptable` when none of them will do. */
export function chooseType<T extends string>(request: FastifyRequest, reply: FastifyReply, offered: readonly T[]): T {
  varyBy(reply, 'accept')
  const type = bestType(request.headers.accept, offered)
  if (type === undefined) throw new TitianError('not-acceptable', `there is ${offered.join(', ')}`)
  return type
}
