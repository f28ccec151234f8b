import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countCodes, decodeReport, type EntryFinding, encodeReport } from '../../src/domain/report.ts'
import { csvCell } from '../../src/domain/text/csv.ts'
import { pageOf, type StageReport } from '../../src/reports/findings-page.ts'
import { toCsv } from '../../src/reports/findings-text.ts'
import { parseCursor } from '../../src/reports/paging.ts'

const anyFinding: fc.Arbitrary<EntryFinding> = fc.record({
  line: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  code: fc.string(),
  severity: fc.constantFrom('error', 'hold', 'warning'),
  path: fc.string({ unit: 'binary' }),
})

describe('a report', () => {
  it('comes back as it was, whatever is in a path', () => {
    fc.assert(
      fc.property(fc.array(anyFinding), (findings) => {
        expect(decodeReport(encodeReport(findings))).toEqual(findings)
      }),
    )
  })

  it('is counted by code', () => {
    const of = (code: string): EntryFinding => ({ line: 1, code, severity: 'error', path: '' })
    expect(countCodes([of('a'), of('b'), of('a')])).toEqual({ a: 2, b: 1 })
  })
})

describe('a page of findings', () => {
  it('follows on the one before, for any sizes of reports, pages and reads', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 5 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
        (sizes, limit, read) => {
          const reports: StageReport[] = sizes.map((size, at) => ({
            firstLine: Math.floor(at / 3) * 10 + 1,
            stage: at % 3,
            findings: Array.from(
              { length: size },
              (_, i): EntryFinding => ({ line: at * 10 + i, code: 'x', severity: 'error', path: '' }),
            ),
          }))
          const collected: EntryFinding[] = []
          let next: string | null = '0.0.0'
          for (let pages = 0; next !== null && pages < 200; pages++) {
            const after = parseCursor(next)
            const rest = reports.filter(
              ({ firstLine, stage }) =>
                firstLine > after.firstLine || (firstLine === after.firstLine && stage >= after.stage),
            )
            const page = pageOf(rest.slice(0, read + 1), after, limit, rest.length > read + 1)
            expect(page.findings.length).toBeLessThanOrEqual(limit)
            collected.push(...page.findings)
            next = page.next
          }
          expect(next).toBeNull()
          expect(collected).toEqual(reports.flatMap(({ findings }) => findings))
        },
      ),
    )
  })
})

describe('a CSV of findings', () => {
  it.for<[text: string, cell: string]>([
    ['plain', 'plain'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+62', "'+62"],
    ['-1', "'-1"],
    ['@cmd', "'@cmd"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
  ])('writes %j as %j', ([text, cell]) => {
    expect(csvCell(text)).toBe(cell)
  })

  it('has a header and CRLF line ends', () => {
    const finding = {
      line: 3,
      key: null,
      code: 'nik-length',
      severity: 'warning' as const,
      path: '/nik',
      title: 'Panjang',
    }
    const head = 'line,key,code,severity,path,title,outcome,corrected_by\r\n'
    expect(toCsv([finding])).toBe(`${head}3,,nik-length,warning,/nik,Panjang,,\r\n`)
  })
})
