import { once } from 'node:events'
import type { CliContext } from '../context.ts'

/** The line by which a service says that it answers; `titian up` waits for it. */
export const READY = /^ready( .*)?$/

/** Says that a service is ready and waits until it is told to stop. */
export async function serveUntilStopped({ err, signal }: CliContext, where = ''): Promise<void> {
  err(`ready ${where}`.trimEnd())
  if (!signal.aborted) await once(signal, 'abort')
}
