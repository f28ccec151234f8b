import { describe, expect, it } from 'vitest'
import type { SubjectId } from '../../../src/domain/ids.ts'
import type { SubjectResult } from '../../../src/domain/results/result.ts'
import { factMaker } from '../../../src/programmes/facts/facts.ts'
import type { KnownHousehold, KnownSubject } from '../../../src/programmes/facts/household.ts'
import { belongsHere, isInScope } from '../../../src/programmes/facts/place.ts'

const RULES = {
  aids: [{ name: 'pkh', title: { id: 'PKH', en: 'PKH' }, memberships: ['pkh'], stated: 'kd_pkh' }],
  unanswered: new Map([['individu.kondisi_gizi', new Set(['8'])]]),
}

function known(subject: SubjectId, fields: KnownSubject['fields']): KnownSubject {
  const level = subject.startsWith('fam_') ? 'keluarga' : 'individu'
  const origin = { platform: 'p', dataset: 'd', asOf: '2025-01-01', inferred: false }
  return { subject, level, fields, own: [], originOf: (field) => (field in fields ? origin : undefined) }
}

function result(subject: SubjectId, more: Partial<SubjectResult>): SubjectResult {
  const nothing = { dukcapil: null, status: 'active' as const, reason: null, corrections: [], mend: [] }
  return { ...nothing, subject, version: 'V3', asOf: '2026-09-30', deciles: [], memberships: [], ...more }
}

function factsOf(household: Partial<KnownHousehold>, results: readonly SubjectResult[], day = '2026-07-01') {
  const whole: KnownHousehold = { id: 'fam_a', family: undefined, members: [], place: undefined, ...household }
  return factMaker(RULES, new Map(results.map((one) => [one.subject, one])), day)(whole)
}

const decile = (value: number) => ({ level: 'national' as const, value, version: 'V3', period: '2026-Q3' })

describe('facts of a household', () => {
  it('take the decile of the result before that of the record, with its version and date', () => {
    const family = known('fam_a', { desil_nasional: 9 })
    const without = factsOf({ family }, [])
    expect(without.family.fields.desil_nasional).toBe(9)
    expect(without.originOf(without.family, 'desil_nasional')).toMatchObject({ source: 'records', platform: 'p' })
    const facts = factsOf({ family }, [result('fam_a', { deciles: [decile(2)] })])
    expect(facts.family.fields.desil_nasional).toBe(2)
    expect(facts.originOf(facts.family, 'desil_nasional')).toEqual({
      source: 'results',
      version: 'V3',
      asOf: '2026-09-30',
      period: '2026-Q3',
    })
  })

  it('take the decile of the members where BPS speaks of persons alone, and none where these differ', () => {
    const members = [known('per_a', {}), known('per_b', {})]
    const [a, b] = [result('per_a', { deciles: [decile(3)] }), result('per_b', { deciles: [decile(3)] })]
    expect(factsOf({ members }, [a, b]).family.fields.desil_nasional).toBe(3)
    const other = result('per_b', { deciles: [decile(7)] })
    expect(factsOf({ members }, [a, other]).family.fields.desil_nasional).toBeUndefined()
    const newer = result('per_b', { asOf: '2026-12-31', deciles: [decile(7)] })
    expect(factsOf({ members }, [a, newer]).family.fields.desil_nasional).toBe(7)
  })

  it.each([
    ['a membership that lasts', [{ programme: 'PKH', from: '2026-01-01', to: null }], {}, '1'],
    ['a membership that ends on the day', [{ programme: 'pkh', from: '2026-01-01', to: '2026-07-01' }], {}, '1'],
    ['a membership that is over', [{ programme: 'pkh', from: '2026-01-01', to: '2026-06-30' }], {}, undefined],
    ['a membership to come', [{ programme: 'pkh', from: '2026-07-02', to: null }], {}, undefined],
    ['the family own Yes', [], { kd_pkh: '1' }, '1'],
    ['the family own No', [], { kd_pkh: '2' }, '2'],
    ['a membership over the family own No', [{ programme: 'pkh', from: '2026-01-01', to: null }], { kd_pkh: '2' }, '1'],
    ['nobody', [], {}, undefined],
  ])('say whether an aid is held by %s', (_, memberships, fields, held) => {
    const household = { family: known('fam_a', fields as KnownSubject['fields']), members: [known('per_a', {})] }
    const facts = factsOf(household, [result('per_a', { memberships })])
    expect(facts.family.fields.bantuan_pkh).toBe(held)
  })

  it('take "tidak tahu" for no answer', () => {
    const [baby, other] = [known('per_a', { kondisi_gizi: '8' }), known('per_b', { kondisi_gizi: '2' })]
    const facts = factsOf({ members: [baby, other] }, [])
    expect(facts.recordOf(baby).fields.kondisi_gizi).toBeUndefined()
    expect(facts.recordOf(other).fields.kondisi_gizi).toBe('2')
  })

  it('know the province of a village', () => {
    const facts = factsOf({ members: [known('per_a', {})], place: '3510060008' }, [])
    expect(facts.family.fields).toMatchObject({ kode_provinsi: '35', kode_kabupaten_kota: '3510' })
    expect(facts.originOf(facts.family, 'kode_provinsi')).toEqual({ source: 'derived' })
  })
})

describe('a place', () => {
  it.each([
    ['3510060008', ['3510'], '', 'inside'],
    ['3510060008', ['3510'], '3510060', 'inside'],
    ['3510060008', ['3510'], '3510070', 'outside'],
    ['3171010001', ['3510'], '', 'outside'],
    ['35', ['3510'], '', 'unknown'],
    ['3510', ['3510'], '3510060', 'unknown'],
    ['3510', ['3510'], '', 'inside'],
    ['32', ['3510'], '', 'outside'],
    [undefined, ['3510'], '', 'unknown'],
    [undefined, ['3510'], '3510060', 'unknown'],
  ] as const)('%s belongs to scope %s and region "%s": %s', (place, scope, region, within) => {
    expect(belongsHere(place, scope, region)).toBe(within)
  })

  it('may be asked for within the scope alone', () => {
    expect(isInScope('3510060', ['3510'])).toBe(true)
    expect(isInScope('35', ['3510'])).toBe(false)
    expect(isInScope('', ['3510'])).toBe(true)
  })
})
