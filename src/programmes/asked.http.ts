import type { FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'
import type { Platform } from '../domain/platform.ts'
import { agreementDay, requireAgreement } from '../trust/agreements/agreement.ts'
import type { ListFrame } from './facts/evaluated.ts'
import { isInScope } from './facts/place.ts'
import type { CompiledProgramme } from './rules/compile-programme.ts'
import { inForce, type ProgrammeBook } from './rules/read-book.ts'

export type AskedDeps = { book: ProgrammeBook; platforms: ReadonlyMap<string, Platform>; clock: () => Date }

/** The programme that a request names, in force today. Throws `programme-unknown` or `programme-not-in-force`. */
export function programmeAsked({ book }: AskedDeps, name: string, day: string): CompiledProgramme {
  const versions = book.programmes.get(name)
  if (versions === undefined)
    throw new TitianError('programme-unknown', `the programmes are ${[...book.programmes.keys()].sort().join(', ')}`)
  const found = inForce(versions, day)
  if (found === undefined) throw new TitianError('programme-not-in-force')
  return found
}

/** Which values may stand beside their fields, by the key of a field: none without `records:read`, else what the agreement covers. */
export function shownValues(
  { caller }: Pick<FastifyRequest, 'caller'>,
  fields: '*' | readonly string[],
): (field: string) => boolean {
  if (!caller.scopes.includes('records:read')) return () => false
  return fields === '*' ? () => true : (field) => fields.includes(field)
}

/** Whose residents, of which region, on which day. Throws unless an agreement is in force and the region within its scope. */
export function frameOf(
  { platforms, clock }: AskedDeps,
  { caller }: Pick<FastifyRequest, 'caller'>,
  asked: string | undefined,
): ListFrame & { fields: '*' | string[] } {
  const day = agreementDay(clock())
  const platform = caller.platform === null ? undefined : platforms.get(caller.platform)
  if (platform === undefined) throw new TitianError('scope-missing', 'candidates are shown to a platform alone')
  const { fields } = requireAgreement(platform, clock())
  const region = (asked ?? '').replace(/^bps:/, '')
  if (!isInScope(region, platform.scope)) throw new TitianError('region-outside')
  return { platform: platform.name, scope: platform.scope, region, day, fields }
}
