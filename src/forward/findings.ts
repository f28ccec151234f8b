import type { FindingText } from '../domain/finding.ts'
import type { DeliveryLine } from '../domain/golden.ts'
import type { EntryFinding } from '../domain/report.ts'
import type { RecordRefusal } from './receipt.ts'

/** What the receiver's refusals mean to the platform; the reasons are those that openapi/receiver.yaml names. */
export const FORWARD_FINDINGS = {
  'receiver-refused': {
    severity: 'warning',
    id: 'BPS tidak menerima data ini',
    en: 'BPS did not take this record',
  },
  'receiver-record-invalid': {
    severity: 'warning',
    id: 'BPS tidak menerima data ini: isinya tidak sesuai skema BPS',
    en: 'BPS did not take this record: it does not fit the schema of BPS',
  },
  'receiver-region-unknown': {
    severity: 'warning',
    id: 'BPS tidak menerima data ini: kode wilayahnya tidak dikenal di BPS',
    en: 'BPS did not take this record: BPS does not know its region code',
  },
} as const satisfies Record<string, FindingText>

/** One finding for each entry of the batch that stands behind a refused subject, by line; the entry's outcome stays. */
export function refusedFindings(
  lines: Iterable<DeliveryLine>,
  refused: readonly RecordRefusal[],
  batch: string,
): EntryFinding[] {
  const reasons = new Map(refused.map(({ subject, code }) => [subject, codeOf(code)]))
  const found = new Map<string, EntryFinding>()
  for (const { subject, entries } of lines) {
    const code = reasons.get(subject)
    if (code === undefined) continue
    // A family and its members may be refused together: the entry hears each reason once.
    for (const [from, line] of entries)
      if (from === batch)
        found.set(`${line}:${code}`, { line, code, severity: FORWARD_FINDINGS[code].severity, path: '' })
  }
  return [...found.values()].sort((a, b) => a.line - b.line || a.code.localeCompare(b.code))
}

type ForwardCode = keyof typeof FORWARD_FINDINGS

function codeOf(reason: string): ForwardCode {
  const code = `receiver-${reason}`
  return isForwardCode(code) ? code : 'receiver-refused'
}

function isForwardCode(code: string): code is ForwardCode {
  return Object.hasOwn(FORWARD_FINDINGS, code)
}
