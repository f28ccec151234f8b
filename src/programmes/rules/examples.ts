import { isDeepStrictEqual } from 'node:util'
import type { Diagnostics } from '../../language/diagnostics.ts'
import type { Document } from '../../language/document.ts'
import { type FactRules, factMaker } from '../facts/facts.ts'
import type { KnownSubject, Resident } from '../facts/household.ts'
import type { ProgrammeExample, Unit } from '../programme.ts'
import type { CompiledProgramme } from './compile-programme.ts'

/** What a programme says of one of its examples, in the words of the example. */
export function sayOfExample(compiled: CompiledProgramme, facts: FactRules, example: ProgrammeExample) {
  const resident = residentOf(example, compiled.programme.unit)
  const made = factMaker(facts, new Map(), example.at)(resident.household)
  const { eligibility } = compiled.judge(resident, made, { own: undefined, family: undefined }, example.at, true)
  const { criteria, conflicts } = compiled.explain(resident, made, example.at)
  const codes = (wanted: boolean | undefined) =>
    criteria.flatMap(({ truth, criterion }) => (truth === wanted ? [criterion.code] : []))
  return {
    verdict: eligibility,
    holds: codes(true),
    against: codes(false),
    unknown: codes(undefined),
    conflicts: conflicts.map(({ overlap }) => overlap.code),
  }
}

/** Runs the examples of a programme; a difference is a diagnostic of its file. */
export function runExamples(
  compiled: CompiledProgramme,
  facts: FactRules,
  document: Document,
  diagnostics: Diagnostics,
): void {
  for (const [at, example] of compiled.programme.examples.entries()) {
    const said = sayOfExample(compiled, facts, example)
    for (const key of ['verdict', 'holds', 'against', 'unknown', 'conflicts'] as const) {
      if (example[key] === undefined || isDeepStrictEqual(example[key], said[key])) continue
      diagnostics.add(
        document.at('examples', at, key),
        `The programme says ${JSON.stringify(said[key])} of "${example.name}". Correct the condition or the example.`,
      )
    }
  }
}

function residentOf({ keluarga, individu = [] }: ProgrammeExample, unit: Unit): Resident {
  const family = keluarga === undefined ? undefined : knownOf('keluarga', 'fam_example', keluarga)
  const members = individu.map((fields, at) => knownOf('individu', `per_example${at}`, fields))
  const self = unit === 'keluarga' ? family : members[0]
  const place = ['kode_kelurahan_desa', 'kode_kecamatan', 'kode_kabupaten_kota', 'kode_provinsi']
    .map((field) => keluarga?.[field])
    .find((code) => code !== undefined)
  return {
    self: self ?? knownOf(unit, unit === 'keluarga' ? 'fam_example' : 'per_example', {}),
    household: { id: 'fam_example', family, members, place: place === undefined ? undefined : String(place) },
    inReview: false,
    isHeld: false,
  }
}

function knownOf(
  level: KnownSubject['level'],
  subject: KnownSubject['subject'],
  fields: KnownSubject['fields'],
): KnownSubject {
  return { subject, level, fields, originOf: () => undefined, own: [] }
}
