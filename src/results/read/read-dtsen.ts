import type { SourceFormat } from '../../domain/dataset.ts'
import type { Level } from '../../domain/entry.ts'
import { appendFinding, type Finding } from '../../domain/finding.ts'
import type { Decile, DtsenFile, ResultHead } from '../../domain/results/result.ts'
import { isDate } from '../../language/calendar.ts'
import type { Canonical, Variable } from '../../language/canonical.ts'
import { answersOf } from '../../language/rules/answers.ts'
import type { LineRules, Say } from './check-line.ts'
import { hasBegun } from './check-line.ts'
import { isNumber, type ReadText } from './read-line.ts'

const DECILE_COLUMNS = {
  desil_nasional: 'national',
  desil_provinsi: 'province',
  desil_kabupaten_kota: 'regency',
} as const

const NUMBERS = { keluarga: 'nomor_kartu_keluarga', individu: 'nomor_induk_kependudukan' } as const

/**
 * Makes the reading of one row of a DTSEN file, cells as a JSON array: its columns are canonical variables and its codes canonical.
 * Who stands in it is active; its deciles are results, and its values are compared with those that regions sent.
 */
export function rowReader(
  file: DtsenFile,
  format: SourceFormat & { kind: 'csv' },
  { version, asOf }: ResultHead,
  { canonical, today }: Pick<LineRules, 'canonical' | 'today'>,
): ReadText {
  const level: Level = file === 'dtsen-keluarga' ? 'keluarga' : 'individu'
  const columns = format.columns.map((name) => ({
    name,
    read: valueReader(canonical.variables.get(`${level}.${name}`), canonical),
  }))
  const period = periodOf(asOf)
  return (text) => {
    const findings: Finding[] = []
    const say: Say = (code, path) => appendFinding(findings, code, 'error', path)
    if (asOf > today || !hasBegun(period, today)) say('result-future', '')
    const cells = JSON.parse(text) as string[]
    const values: Record<string, string | number> = {}
    const deciles: Decile[] = []
    let number = ''
    for (const [at, { name, read }] of columns.entries()) {
      const cell = (cells[at] ?? '').trim()
      if (name === NUMBERS[level]) number = cell
      if (cell === '' || cell === '-') continue
      const value = read(cell)
      if (value === undefined) say(name in DECILE_COLUMNS ? 'result-value' : 'result-code-unknown', `/${name}`)
      else if (isDecileColumn(name)) {
        if (Number(value) >= 1 && Number(value) <= 10)
          deciles.push({ level: DECILE_COLUMNS[name], value: Number(value), version, period })
        else say('result-value', `/${name}`)
      } else values[name] = value
    }
    const pointer = `/${NUMBERS[level]}`
    if (number === '') say('result-subject-missing', pointer)
    else if (!isNumber(number)) say('result-number', pointer)
    if (findings.length > 0) return { stated: undefined, findings }
    const said = { version, asOf, dukcapil: null, status: 'active' as const, reason: null, deciles }
    const rest = { memberships: [], corrections: [], mend: [] }
    const region = /^[0-9]{10}$/.test(String(values.kode_kelurahan_desa)) ? String(values.kode_kelurahan_desa) : null
    return { stated: { level, name: { number, pointer }, said: { ...said, ...rest }, region, values }, findings }
  }
}

function isDecileColumn(name: string): name is keyof typeof DECILE_COLUMNS {
  return Object.hasOwn(DECILE_COLUMNS, name)
}

/** Reads a cell as the type of its variable; undefined where it is none. A column without a variable stays text. */
function valueReader(
  variable: Variable | undefined,
  canonical: Canonical,
): (cell: string) => string | number | undefined {
  if (variable === undefined) return (cell) => cell
  const list = variable.codelist === null ? undefined : canonical.codelists.get(variable.codelist)
  if (list !== undefined) {
    const answers = answersOf(list)
    return (cell) => [cell, cell.replace(/^0(?=[0-9])/, '')].find((code) => answers.has(code))
  }
  if (variable.type === 'integer') return (cell) => (/^[0-9]{1,12}$/.test(cell) ? Number(cell) : undefined)
  if (variable.type === 'date') return (cell) => (isDate(cell) ? cell : undefined)
  return (cell) => cell
}

/** The quarter of a day, `2026-Q3`. */
function periodOf(day: string): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}
