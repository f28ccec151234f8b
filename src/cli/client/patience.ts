import { setTimeout as wait } from 'node:timers/promises'
import { ERRORS, type ErrorCode, TitianError } from '../../domain/error.ts'

const PATIENCE_MS = 120_000
// A fault that is still there after some attempts is there to stay.
const FAULT_PATIENCE_MS = 5000

/** Tries again what may be tried again, until patience ends: broken connections, and the errors whose code says so. */
export async function patiently<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const start = Date.now()
  for (let pause = 200; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      const isKnown = error instanceof TitianError
      const patience = isKnown ? patienceWith(error.code) : PATIENCE_MS
      if (Date.now() - start >= patience) {
        if (isKnown) throw told(error)
        throw new TitianError('unavailable', 'the gateway cannot be reached', { cause: error })
      }
      const asked = isKnown ? (error.retryAfterSeconds ?? 0) * 1000 : 0
      await wait(Math.max(asked, pause), undefined, { signal })
    }
  }
}

function patienceWith(code: ErrorCode): number {
  if (code === 'receiver-refused' || !ERRORS[code].retry) return 0
  return code === 'internal' ? FAULT_PATIENCE_MS : PATIENCE_MS
}

/** A fault of the gateway is no fault of this program: it is told in a sentence, with the name to ask for help by. */
export function told(error: TitianError): TitianError {
  if (error.code !== 'internal') return error
  return new TitianError('unavailable', `the gateway failed: ${error.message}`, { cause: error })
}
