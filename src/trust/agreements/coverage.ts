import type { CanonicalRecord, Level } from '../../domain/entry.ts'
import type { Agreement, Platform } from '../../domain/platform.ts'
import { isRegionField } from '../../domain/region.ts'
import { agreementDay, bindingAgreement } from './agreement.ts'

/** The canonical variables that an agreement names, by level. */
export type CoveredFields = Readonly<Record<Level, ReadonlySet<string>>>

/** The fields that bind a platform today, by its name; undefined where every field is covered. */
export type AgreedCoverage = (platform: string) => CoveredFields | undefined

/** A record of which only what an agreement covers may be kept or told; `village` and `address` are those of the family. */
type Narrowed = CanonicalRecord & { village?: string | number; address?: string | number }

/** Gives the covered fields of agreements, each worked out once; undefined where all are. */
export function fieldReader(): (agreement: Agreement) => CoveredFields | undefined {
  const known = new WeakMap<Agreement, CoveredFields>()
  return (agreement) => {
    if (agreement.fields === '*') return undefined
    const made = known.get(agreement) ?? readFields(agreement.fields)
    known.set(agreement, made)
    return made
  }
}

/** What binds each platform at the present moment; a platform that is not known is bound by nothing. */
export function coverageOf(platforms: ReadonlyMap<string, Platform>, clock: () => Date): AgreedCoverage {
  const read = fieldReader()
  return (name) => {
    const platform = platforms.get(name)
    // Most agreements name all fields, and then nobody has to know what day it is.
    if (platform === undefined || (platform.earlier === undefined && platform.agreement.fields === '*'))
      return undefined
    return read(bindingAgreement(platform, agreementDay(clock())))
  }
}

function readFields(fields: readonly string[]): CoveredFields {
  const of = (level: Level) =>
    new Set(fields.flatMap((key) => (key.startsWith(`${level}.`) ? key.slice(level.length + 1) : [])))
  return { keluarga: of('keluarga'), individu: of('individu') }
}

/** Whether a field of a level is covered. The place of a person is that of the family. */
export function isCovered(covered: CoveredFields, level: Level, field: string): boolean {
  return covered[level].has(field) || (isRegionField(field) && covered.keluarga.has(field))
}

/** The filled fields of a record that are not covered; a value without a canonical home is not, and has no field: ''. */
export function fieldsOutside({ level, fields, extensions }: CanonicalRecord, covered: CoveredFields): string[] {
  const outside = Object.keys(fields).filter(
    (field) => fields[field] !== undefined && !isCovered(covered, level, field),
  )
  return extensions === undefined ? outside : [...outside, '']
}

/** The record with only what is covered: fields and all that is said of them. Keys, dates and household stay. */
export function narrow<R extends Narrowed>(record: R, covered: CoveredFields): R {
  const { level } = record
  const has = (field: string) => isCovered(covered, level, field)
  const { extensions: _, candidates, inferred, findings, region, headNik, village, address, ...rest } = record
  const some = <T>(all: Record<string, T> | undefined, may: (field: string) => boolean) => {
    const kept = Object.entries(all ?? {}).filter(([field]) => may(field))
    return kept.length === 0 ? undefined : Object.fromEntries(kept)
  }
  const isPlaced = has('kode_kelurahan_desa')
  const [keptCandidates, keptFindings] = [
    some(candidates, has),
    some(findings, (field) => (field === 'region' ? isPlaced : has(field))),
  ]
  const keptInferred = inferred?.filter(has) ?? []
  return {
    ...rest,
    fields: some(record.fields, has) ?? {},
    ...(keptCandidates && { candidates: keptCandidates }),
    ...(keptInferred.length > 0 && { inferred: keptInferred }),
    ...(keptFindings && { findings: keptFindings }),
    ...(region !== undefined && isPlaced && { region }),
    ...(headNik !== undefined && covered.individu.has('nomor_induk_kependudukan') && { headNik }),
    ...(village !== undefined && isPlaced && { village }),
    ...(address !== undefined && covered.keluarga.has('alamat') && { address }),
  } as R
}
