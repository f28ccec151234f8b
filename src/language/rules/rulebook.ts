import { HEAD_OF_FAMILY } from '../../domain/codes.ts'
import type { CanonicalRecord } from '../../domain/entry.ts'
import type { Finding, FindingText } from '../../domain/finding.ts'
import { dayNumber } from '../calendar.ts'
import { type AnswerList, answersOf } from './answers.ts'
import { isCarried } from './applies.ts'
import { generate } from './generate.ts'
import type { CompileText } from './generated-code.ts'
import type { Rule } from './rule.ts'

/** The rules of one dataset over all canonical records of one entry. Findings are appended in the order of the book. */
export type EntryCheck = (records: CanonicalRecord[], referenceDate: string | undefined, findings: Finding[]) => void

/** The rule book, ready to be compiled for datasets. */
export type RuleBook = {
  rules: readonly Rule[]
  /** What the codes of the book mean. */
  findings: Record<string, FindingText>
  /**
   * Compiles the rules whose variables (`keluarga.alamat`) the dataset carries. `hasMembers`: an entry holds a family
   * with all of its members. `pointerOf` gives the JSON Pointer of a field below the path of its record.
   */
  forDataset(
    carries: ReadonlySet<string>,
    hasMembers: boolean,
    pointerOf: (level: 'keluarga' | 'individu', field: string) => string,
    compile: CompileText,
  ): EntryCheck
}

/** A converter gives its own codes, and the registry and nobody none: only these rules ever stand in a finding. */
function speaks({ checkedBy }: Rule): boolean {
  return checkedBy === 'record' || checkedBy === 'link' || checkedBy === 'batch'
}

const NO_FAMILY: CanonicalRecord = { level: 'keluarga', key: '', path: '', fields: {} }

/** The one head of the family; undefined where there is none or more than one. */
function headOf(records: readonly CanonicalRecord[]): CanonicalRecord | undefined {
  let head: CanonicalRecord | undefined
  for (const record of records) {
    if (record.level !== 'individu' || record.fields.status_hubungan_keluarga !== HEAD_OF_FAMILY) continue
    if (head !== undefined) return undefined
    head = record
  }
  return head
}

function familyRecord(records: readonly CanonicalRecord[]): CanonicalRecord | undefined {
  for (const record of records) if (record.level === 'keluarga') return record
  return undefined
}

/** Makes the book of checked rules; `districtOfBps` gives the six Kemendagri digits of a BPS district. */
export function compileRules(
  rules: readonly Rule[],
  options: {
    codelists: ReadonlyMap<string, AnswerList>
    districtOfBps?: (bpsDistrict: string) => string | undefined
  },
): RuleBook {
  const answers = new Map([...options.codelists].map(([name, list]) => [name, answersOf(list)]))
  const context = {
    answersOf: (codelist: string) => answers.get(codelist) ?? new Set<string>(),
    districtOfBps: options.districtOfBps ?? (() => undefined),
  }
  return {
    rules,
    findings: Object.fromEntries(
      rules.filter(speaks).map(({ code, severity, id, en }) => [code, { severity, id, en }]),
    ),
    forDataset(carries, hasMembers, pointerOf, compile) {
      const carried = rules.filter((rule) => rule.checkedBy === 'record' && isCarried(rule, carries, hasMembers))
      const of = (level: 'keluarga' | 'individu') => {
        const own = carried.filter((rule) => rule.level === level)
        return own.length === 0 ? undefined : generate(level, own, { ...context, compile }, pointerOf)
      }
      const [checkFamily, checkPerson] = [of('keluarga'), of('individu')]
      return (records, referenceDate, findings) => {
        const family = familyRecord(records)
        const head = hasMembers ? headOf(records) : undefined
        // One date for all ages: the reference date of the mapping. Where it states none, the day of the visit stands for it.
        const visited = family?.fields.tanggal_pendataan as string | undefined
        let day: string | undefined
        let today = Number.NaN
        for (const record of records) {
          const own = record.asOf ?? referenceDate ?? visited
          if (own !== day) {
            day = own
            today = dayNumber(day)
          }
          const check = record.level === 'keluarga' ? checkFamily : checkPerson
          check?.(record, family ?? NO_FAMILY, records, head, day, today, findings)
        }
      }
    },
  }
}
