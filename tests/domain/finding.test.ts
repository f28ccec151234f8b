import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendFinding, type Finding, MOST_FINDINGS, type Severity, verdictOf } from '../../src/domain/finding.ts'

const severity = fc.constantFrom<Severity>('warning', 'hold', 'error')
const said = fc.array(fc.record({ code: fc.constantFrom('a', 'b', 'c'), severity, path: fc.nat(200).map(String) }), {
  maxLength: 600,
})

describe('the findings of an entry', () => {
  it('hold each code and path once', () => {
    const findings: Finding[] = []
    for (let i = 0; i < 3; i++) appendFinding(findings, 'nik-length', 'warning', '/nik')
    expect(findings).toEqual([{ code: 'nik-length', severity: 'warning', path: '/nik' }])
  })

  it('list the first hundred and say that there are more', () => {
    const findings: Finding[] = []
    for (let i = 0; i < 1000; i++) appendFinding(findings, 'nik-length', i === 700 ? 'hold' : 'warning', `/${i}`)
    expect(findings).toHaveLength(MOST_FINDINGS + 1)
    expect(findings.at(-1)).toEqual({ code: 'findings-more', severity: 'hold', path: '' })
  })

  it('give the verdict that all of them would give', () => {
    fc.assert(
      fc.property(said, (all) => {
        const findings: Finding[] = []
        const first = new Map<string, Finding>()
        for (const one of all) {
          appendFinding(findings, one.code, one.severity, one.path)
          const name = `${one.code} ${one.path}`
          if (!first.has(name)) first.set(name, one)
        }
        // A finding that repeats another one beyond the list may only make the verdict stricter.
        const order = ['accepted', 'held', 'rejected']
        expect(order.indexOf(verdictOf(findings))).toBeGreaterThanOrEqual(order.indexOf(verdictOf([...first.values()])))
        expect(order.indexOf(verdictOf(findings))).toBeLessThanOrEqual(order.indexOf(verdictOf(all)))
        expect(findings.length).toBeLessThanOrEqual(MOST_FINDINGS + 1)
      }),
    )
  })
})
