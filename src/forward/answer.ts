import type { Manifest } from './manifest.ts'
import { receiptFor } from './receipt.ts'
import { type Attested, attest, type ReceiptPolicy } from './receipts/attest.ts'

/** What the receiver said: its status, its `Retry-After` if any, and its JSON body (undefined when it was none). */
export type ReceiverAnswer = { status: number; retryAfter: string | undefined; body: unknown }

/**
 * What an answer, or its absence, means for a delivery; reasons are codes for logs.
 * `receipt`: it had its effect. `absent`: the receiver never saw it. `pending`: it may be on its way, ask again soon.
 * `busy`: the receiver wants everybody to wait. `refused`: it will not take this one, however often it is sent.
 * `failed`: nothing is known, and the next delivery would fare alike.
 */
export type Verdict =
  | { is: 'receipt'; receipt: Attested }
  | { is: 'absent' }
  | { is: 'pending'; reason: string }
  | { is: 'busy'; seconds: number | undefined }
  | { is: 'refused'; reason: string }
  | { is: 'failed'; reason: string }

/** Reads the answer to `PUT /v1/deliveries/{id}`; only a receipt that names this delivery and its digest is believed. */
export function judgePut(answer: ReceiverAnswer, manifest: Manifest, now: Date): Verdict {
  if (answer.status === 200 || answer.status === 201) return believed(answer, manifest)
  return withoutReceipt(answer, now)
}

/** Reads the answer to `GET /v1/deliveries/{id}`. */
export function judgeGet(answer: ReceiverAnswer, manifest: Manifest, now: Date): Verdict {
  if (answer.status === 200) return believed(answer, manifest)
  if (answer.status === 404) return { is: 'absent' }
  return withoutReceipt(answer, now)
}

/** Holds the signature of a receipt against its policy: what is not believed counts as no receipt. */
export async function attested(
  verdict: Verdict,
  manifest: Manifest,
  policy: ReceiptPolicy | undefined,
): Promise<Verdict> {
  if (verdict.is !== 'receipt') return verdict
  const receipt = await attest(verdict.receipt, manifest, policy)
  return typeof receipt === 'string' ? { is: 'failed', reason: receipt } : { is: 'receipt', receipt }
}

// Accepted is not done, and a conflict or an early replay may be an earlier attempt of ours that is still at work.
const PENDING = [202, 408, 409, 425]
// What speaks of this delivery; 401, 403 or 404 would meet every other one as well.
const REFUSED = [400, 410, 411, 413, 415, 422]

function withoutReceipt({ status, retryAfter }: ReceiverAnswer, now: Date): Verdict {
  const reason = `status-${status}`
  if (PENDING.includes(status)) return { is: 'pending', reason }
  if (REFUSED.includes(status)) return { is: 'refused', reason }
  if (status === 429 || (status === 503 && retryAfter !== undefined))
    return { is: 'busy', seconds: retrySeconds(retryAfter, now) }
  return { is: 'failed', reason }
}

function believed(answer: ReceiverAnswer, manifest: Manifest): Verdict {
  const receipt = receiptFor(manifest, answer.body)
  return receipt === undefined ? { is: 'failed', reason: 'receipt-invalid' } : { is: 'receipt', receipt }
}

/** `Retry-After` in seconds: a number of them or an HTTP date (RFC 9110, 10.2.3); undefined when it is neither. */
export function retrySeconds(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  if (!/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000))
}
