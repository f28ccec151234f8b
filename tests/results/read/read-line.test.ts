import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineReader } from '../../../src/results/read/read-line.ts'

const read = lineReader({
  catalogue: { reasons: new Map(), programmes: new Map() },
  canonical: { variables: new Map(), codelists: new Map() },
  today: '2026-10-01',
})
const LINE = { nik: '3175092402120003', version: '2026-Q3', as_of: '2026-09-30', status: 'active' }

describe('a line of results', () => {
  it('is refused whole or taken whole, whatever it is', () => {
    const lines = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record(
          {
            subject: fc.oneof(fc.string(), fc.constant('per_00000000000000000000000000')),
            nik: fc.oneof(fc.string(), fc.constant(LINE.nik), fc.double()),
            version: fc.oneof(fc.string(), fc.constant('2026-Q3')),
            as_of: fc.oneof(fc.string(), fc.constant('2026-09-30')),
            status: fc.oneof(fc.string(), fc.constant('active')),
            deciles: fc.anything(),
            constructor: fc.anything(),
          },
          { requiredKeys: [] },
        )
        .map((line) => JSON.stringify(line) ?? ''),
    )
    fc.assert(
      fc.property(lines, (text) => {
        const { stated, findings } = read(text)
        expect(stated === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
      }),
    )
  })

  it('never repeats what was sent in what it says of it', () => {
    const secret = '3175092402129999'
    const bad = [
      { ...LINE, nik: `${secret}0` },
      { ...LINE, [secret]: 1 },
      { ...LINE, status: secret },
      { ...LINE, corrections: secret },
    ]
    for (const line of bad) {
      const { findings } = read(JSON.stringify(line))
      expect(findings.length).toBeGreaterThan(0)
      expect(JSON.stringify(findings)).not.toContain(secret)
    }
  })

  it('takes a NIK with zeros lost, or as a number, for none', () => {
    for (const nik of ['317509240212', '0175092402120003', '3.17509E+15', ' 3175092402120003'])
      expect(read(JSON.stringify({ ...LINE, nik })).findings).toEqual([
        { code: 'result-number', severity: 'error', path: '/nik' },
      ])
    const { findings } = read(JSON.stringify({ ...LINE, nik: 3175092402120003 }))
    expect(findings).toEqual([{ code: 'result-form', severity: 'error', path: '/nik' }])
  })
})
