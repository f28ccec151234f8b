import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Level } from '../../domain/entry.ts'
import { appendFinding, type Finding } from '../../domain/finding.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { SubjectResult } from '../../domain/results/result.ts'
import { type LineRules, lineChecker, type Say } from './check-line.ts'
import { ResultLine } from './result-line.ts'
import type { Stated, SubjectName } from './stated.ts'

export type ReadText = (text: string) => { stated: Stated | undefined; findings: Finding[] }

/** Makes the reading of one NDJSON line of results; a line that does not hold is findings and nothing else. */
export function lineReader(rules: LineRules): ReadText {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true })
  formats.default(ajv)
  const fits = ajv.compile<ResultLine>(ResultLine)
  const check = lineChecker(rules)
  return (text) => {
    const findings: Finding[] = []
    const say: Say = (code, path) => appendFinding(findings, code, 'error', path)
    const line = objectOf(text)
    if (line === undefined) {
      say('result-json', '')
      return { stated: undefined, findings }
    }
    if (!fits(line)) {
      for (const { instancePath, params } of fits.errors ?? []) {
        // The name of what is odd is the sender's text: it might be anything.
        say('result-form', params.missingProperty ? `${instancePath}/${params.missingProperty}` : instancePath)
      }
      return { stated: undefined, findings }
    }
    const name = nameOf(line, say)
    if (name !== undefined) check(line, name.level, say)
    if (name === undefined || findings.length > 0) return { stated: undefined, findings }
    return { stated: { ...name, said: saidBy(line), region: line.region ?? null }, findings }
  }
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whom a line names; undefined, and said why, where that cannot be. */
function nameOf({ subject, nik, no_kk: kk }: ResultLine, say: Say): { level: Level; name: SubjectName } | undefined {
  const ofId = subject === undefined ? undefined : subject.startsWith('fam_') ? 'keluarga' : 'individu'
  const level = ofId ?? (nik !== undefined ? 'individu' : kk !== undefined ? 'keluarga' : undefined)
  if (level === undefined) {
    say('result-subject-missing', '')
    return undefined
  }
  if (level === 'individu' ? kk !== undefined : nik !== undefined) {
    say('result-level', level === 'individu' ? '/no_kk' : '/nik')
    return undefined
  }
  const number = level === 'individu' ? nik : kk
  const at = level === 'individu' ? '/nik' : '/no_kk'
  if (number !== undefined && !isNumber(number)) {
    say('result-number', at)
    return undefined
  }
  const pointer = subject === undefined ? at : '/subject'
  const id = subject === undefined ? {} : { id: subject as SubjectId }
  return { level, name: { ...id, ...(number !== undefined && { number }), pointer } }
}

/** Whether a text is a NIK or No. KK as it is issued: sixteen digits, no leading zero. */
export function isNumber(text: string): boolean {
  return /^[1-9][0-9]{15}$/.test(text)
}

function saidBy(line: ResultLine): Omit<SubjectResult, 'subject'> {
  return {
    version: line.version,
    asOf: line.as_of,
    dukcapil: line.dukcapil ?? null,
    status: line.status,
    reason: line.reason ?? null,
    deciles: line.deciles ?? [],
    memberships: line.memberships ?? [],
    corrections: line.corrections ?? [],
    mend: (line.mend ?? []).map(({ field, reason }) => ({ ...(field !== undefined && { field }), reason })),
  }
}
