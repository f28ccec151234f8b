import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openRegistry } from '../../../src/deps.ts'
import { factMaker } from '../../../src/programmes/facts/facts.ts'
import type { KnownSubject, Resident } from '../../../src/programmes/facts/household.ts'
import { sayOfExample } from '../../../src/programmes/rules/examples.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'

const { programmes: book } = await openRegistry({}, openVault(createKeyRing(new Date(0))))
const all = [...book.programmes.values()].flat()
const examples = all.flatMap((compiled) =>
  compiled.programme.examples.map((example) => [compiled.programme.name, example.name, compiled, example] as const),
)

describe('an example of a programme', () => {
  it('stands in each of the four', () => {
    expect([...book.programmes.keys()].sort()).toEqual(['gizi', 'kjp', 'kjs', 'sembako'])
    expect(examples.length).toBeGreaterThan(15)
  })

  it.each(examples)('of %s holds: %s', (_, __, compiled, example) => {
    const said = sayOfExample(compiled, book.facts, example)
    const { verdict, holds, against, unknown, conflicts } = example
    expect(said.verdict).toBe(verdict)
    expect(said).toMatchObject({
      ...(holds && { holds }),
      ...(against && { against }),
      ...(unknown && { unknown }),
      ...(conflicts && { conflicts }),
    })
  })
})

const DAY = '2026-07-01'

/** Values that a field of a programme may have. */
const arbitraryOf = (key: string): fc.Arbitrary<string | number> => {
  if (key.endsWith('tanggal_lahir')) return fc.integer({ min: 1940, max: 2025 }).map((year) => `${year}-03-04`)
  if (key.includes('desil_') || key.endsWith('jumlah_anggota_keluarga')) return fc.integer({ min: 1, max: 10 })
  if (key.includes('kode_')) return fc.constantFrom('31', '3510', '35', '32')
  return fc.constantFrom('1', '2', '3', '4')
}

const recordOf = (keys: readonly string[], level: 'keluarga' | 'individu') =>
  fc.record(
    Object.fromEntries(
      keys.filter((key) => key.startsWith(`${level}.`)).map((key) => [key.slice(level.length + 1), arbitraryOf(key)]),
    ),
  )

function residentOf(
  unit: 'keluarga' | 'individu',
  family: KnownSubject['fields'],
  persons: readonly KnownSubject['fields'][],
): Resident {
  const known = (level: 'keluarga' | 'individu', at: number, fields: KnownSubject['fields']): KnownSubject => ({
    ...{ level, fields, own: [], originOf: () => undefined },
    subject: level === 'keluarga' ? 'fam_x' : `per_${at}`,
  })
  const home = known('keluarga', 0, family)
  const members = persons.map((fields, at) => known('individu', at, fields))
  const self = unit === 'keluarga' ? home : (members[0] ?? home)
  return {
    self,
    household: { id: 'fam_x', family: home, members, place: undefined },
    inReview: false,
    isHeld: false,
  }
}

describe.each(all.map((compiled) => [compiled.programme.name, compiled] as const))('%s', (_, compiled) => {
  const { unit } = compiled.programme
  const keys = [...compiled.variables, 'keluarga.jumlah_anggota_keluarga']
  const whole = fc.tuple(
    recordOf(keys, 'keluarga'),
    fc.array(recordOf(keys, 'individu'), { minLength: 1, maxLength: 4 }),
  )
  const judge = (family: KnownSubject['fields'], persons: readonly KnownSubject['fields'][]) => {
    const resident = residentOf(unit, family, persons)
    const facts = factMaker(book.facts, new Map(), DAY)(resident.household)
    const { eligibility } = compiled.judge(resident, facts, { own: undefined, family: undefined }, DAY, true)
    return { eligibility, explanation: compiled.explain(resident, facts, DAY) }
  }

  it('never says No for want of a value: whoever is told No stays so whatever the absent values are', () => {
    fc.assert(
      fc.property(whole, fc.infiniteStream(fc.boolean()), ([family, persons], drop) => {
        const thin = (fields: KnownSubject['fields']) =>
          Object.fromEntries(Object.entries(fields).filter(() => drop.next().value === true))
        // A member who is missing altogether is an absent value too; the first is the one who is judged.
        const left = persons.filter((_person, at) => at === 0 || drop.next().value === true).map(thin)
        const stated = { ...family, jumlah_anggota_keluarga: persons.length }
        const partial = judge(thin(stated), left).eligibility
        const full = judge(stated, persons).eligibility
        if (partial === 'not-eligible') expect(full).toBe('not-eligible')
      }),
      { numRuns: 400 },
    )
  })

  it('says of nobody who qualifies No, whichever values and members are taken away', () => {
    const qualifying = compiled.programme.examples.filter(({ verdict }) => verdict === 'candidate')
    fc.assert(
      fc.property(fc.constantFrom(...qualifying), fc.infiniteStream(fc.boolean()), (example, drop) => {
        const thin = (fields: KnownSubject['fields']) =>
          Object.fromEntries(
            Object.entries(fields).filter(() => drop.next().value === true || drop.next().value === true),
          )
        const { keluarga = {}, individu = [{}] } = example
        const left = individu.filter((_person, at) => at === 0 || drop.next().value === true).map(thin)
        const stated = { ...keluarga, jumlah_anggota_keluarga: individu.length }
        expect(judge(stated, individu).eligibility).not.toBe('not-eligible')
        expect(judge(thin(stated), left).eligibility).not.toBe('not-eligible')
      }),
      { numRuns: 300 },
    )
  })

  it('gives the reasons of its verdict: the slow way says of each condition what the fast one does', () => {
    fc.assert(
      fc.property(whole, fc.infiniteStream(fc.boolean()), ([family, persons], drop) => {
        const thin = (fields: KnownSubject['fields']) =>
          Object.fromEntries(Object.entries(fields).filter(() => drop.next().value === true))
        const { eligibility, explanation } = judge(thin(family), persons.map(thin))
        const truths = explanation.criteria.map(({ truth }) => truth)
        if (eligibility === 'not-eligible') expect(truths).toContain(false)
        if (eligibility === 'candidate') expect(new Set(truths)).toEqual(new Set([true]))
        if (truths.includes(false)) expect(eligibility).toBe('not-eligible')
        for (const { truth, missing } of explanation.criteria) expect(missing.length > 0).toBe(truth === undefined)
      }),
      { numRuns: 400 },
    )
  })
})
