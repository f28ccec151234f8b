import type { KeyObject } from 'node:crypto'
import type { Acknowledgements } from '../../forward/receipts/acknowledgements.route.ts'
import { openReceiptStatement, refusedDigest } from '../../forward/receipts/attest.ts'
import type { Gateway } from './push.client.ts'

type Acknowledgement = Acknowledgements['acknowledgements'][number]

/** What BPS signed for of one batch: deliveries, the entries behind them, and how many records it took and refused. */
export type BpsWord = { deliveries: number; entries: number; records: number; refused: number }

/** Why BPS's word does not hold; `delivery` is the one that it fails at. */
export type BpsWordFault = { fault: keyof typeof WORD_FAULTS; delivery?: string }

export const WORD_FAULTS = {
  'form-unknown': 'the file holds no acknowledgements, one a line',
  unsigned: 'BPS has not signed for a delivery',
  'signature-wrong': 'none of the keys of BPS signed it, or it was altered',
  'batch-other': 'it is of a delivery of another batch',
  'delivery-twice': 'a delivery is in it twice',
  'not-signed-so': 'what stands beside the signature is not what was signed',
  'entries-missing': 'BPS has signed for fewer new and changed entries than the receipt has',
} as const

/** The acknowledgements of a batch as NDJSON, one delivery a line. */
export async function fetchWord(gateway: Gateway, batch: string): Promise<string> {
  const lines: string[] = []
  for (let after = ''; ; ) {
    const query = after === '' ? '' : `?after=${after}`
    const page = await gateway.get<Acknowledgements>(
      `/v1/batches/${encodeURIComponent(batch)}/acknowledgements${query}`,
    )
    for (const one of page.acknowledgements) lines.push(`${JSON.stringify(one)}\n`)
    if (page.next === null) return lines.join('')
    after = page.next
  }
}

/** Holds acknowledgements (NDJSON) of a batch against the keys of BPS, without a gateway. */
export async function verifyWord(
  text: string,
  batch: string,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<BpsWord | BpsWordFault> {
  const word: BpsWord = { deliveries: 0, entries: 0, records: 0, refused: 0 }
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const said = readLine(line)
    if (said === undefined) return { fault: 'form-unknown' }
    const { delivery, digest, entries, records, refused, jws } = said
    if (jws === null) return { fault: 'unsigned', delivery }
    const found = await openReceiptStatement(jws, (keyid) => keys.get(keyid))
    if (typeof found === 'string') return { fault: 'signature-wrong', delivery }
    const { says } = found
    if (says.batch !== batch) return { fault: 'batch-other', delivery }
    if (seen.has(says.delivery)) return { fault: 'delivery-twice', delivery }
    const isSo =
      says.delivery === delivery &&
      says.digest === digest &&
      says.entries === entries &&
      says.records === records &&
      says.refused === refused.length &&
      says.refused_digest === refusedDigest(refused)
    if (!isSo) return { fault: 'not-signed-so', delivery }
    seen.add(says.delivery)
    word.deliveries += 1
    word.entries += entries
    word.records += records
    word.refused += refused.length
  }
  return word
}

function readLine(line: string): Acknowledgement | undefined {
  try {
    const said = JSON.parse(line) as Partial<Acknowledgement> | null
    const isOne = typeof said?.delivery === 'string' && Array.isArray(said.refused) && said.jws !== undefined
    return isOne ? (said as Acknowledgement) : undefined
  } catch {
    return undefined
  }
}
