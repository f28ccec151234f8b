import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import type { FindingText } from '../../domain/finding.ts'
import type { BatchId } from '../../domain/ids.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { ReleaseWish } from '../batch-shapes.ts'
import type { ReleaseOrder } from './release.db.ts'
import type { Wanted } from './release.ts'

/** Which held entries somebody wants released, and why, in their words. */
export type WantedRelease = Wanted & { reason: string | undefined }

/** What is to be released; throws `bad-request` for a code that nothing is found by, and for a reason that is missing. */
export function readWish(
  body: Static<typeof ReleaseWish> | null | undefined,
  findings: Readonly<Record<string, FindingText>>,
): WantedRelease {
  const wantReason = new Set(Object.keys(findings).filter((code) => findings[code]?.wantsReason === true))
  const codes = body?.codes.map((code, at) => {
    if (Object.hasOwn(findings, code)) return code
    const places = [{ pointer: `/body/codes/${at}`, code: 'unknown' }]
    throw new TitianError('bad-request', didYouMean(code, Object.keys(findings), 'No finding has this code'), {
      places,
    })
  })
  if (body?.reason === undefined && codes?.some((code) => wantReason.has(code)))
    throw new TitianError(
      'bad-request',
      `a release of ${codes.filter((code) => wantReason.has(code)).join(', ')} wants a reason`,
      {
        places: [{ pointer: '/body/reason', code: 'required' }],
      },
    )
  return { codes: codes && new Set(codes), wantReason, reason: body?.reason }
}

/** A wish as the order to release of one batch: the reason is sealed. */
export function orderOf(
  vault: Pick<Vault, 'seal'>,
  { codes, wantReason, reason }: WantedRelease,
  of: { batch: BatchId; actor: string },
): ReleaseOrder {
  return { ...of, codes, wantReason, ...(reason !== undefined && { reason: sealReason(vault, reason) }) }
}
