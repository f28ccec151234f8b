import Type from 'typebox'
import { FREE_TEXT } from '../../domain/free-text.ts'
import { GIVEN_REASONS, WITHDRAWAL_REASONS, type WithdrawalReason } from '../../domain/withdrawal.ts'
import { Batch } from '../../engine/batch-shapes.ts'
import { ref } from '../../io/http/openapi.ts'

const closed = { additionalProperties: false }

/** A reason that a platform may give. */
export const GivenReason = Type.Unsafe<WithdrawalReason>({
  type: 'string',
  enum: GIVEN_REASONS,
  description: GIVEN_REASONS.map((reason) => `\`${reason}\`: ${WITHDRAWAL_REASONS[reason].en}`).join('; '),
})

export const WithdrawalBody = Type.Object({ reason: GivenReason }, { $id: 'WithdrawalBody', ...closed })

export const SnapshotDecisionBody = Type.Object(
  {
    decision: Type.Union([Type.Literal('withdraw'), Type.Literal('keep')]),
    reason: Type.String({
      minLength: 1,
      maxLength: 2000,
      pattern: FREE_TEXT,
      description: 'Why; free text, kept sealed',
    }),
  },
  { $id: 'SnapshotDecisionBody', ...closed },
)

export const Withdrawal = Type.Object(
  {
    reason: Type.Unsafe<WithdrawalReason>({ type: 'string', enum: Object.keys(WITHDRAWAL_REASONS) }),
    about: Type.Union([Type.String(), Type.Null()], {
      description: 'The batch that is withdrawn, or the snapshot that records are absent from; null for one record',
    }),
    requested_at: Type.String({ format: 'date-time' }),
    batch: ref(Batch),
  },
  { $id: 'Withdrawal', ...closed, description: 'A withdrawal, and the batch that carries it out as it is now' },
)

/** Schemas that routes point at by name. */
export const WITHDRAW_SHAPES = [WithdrawalBody, SnapshotDecisionBody, Withdrawal]
