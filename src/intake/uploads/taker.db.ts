import { claimUpload } from './claim.sql.ts'
import { CLAIM_SECONDS, type TakeDeps, takeUpload } from './take.db.ts'

/** Makes batches of whole uploads beside the requests of a gateway. */
export type Taker = {
  /** Looks at once, rather than at the next turn. */
  hasten(): void
  close(): Promise<void>
}

const LOOK_MS = 2000
const AT_ONCE = 2

/** Takes whole uploads, whoever received them, until it is closed: what is in hand then is left to another gateway. */
export function startTaker(deps: TakeDeps): Taker {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const turns = setInterval(look, LOOK_MS).unref()

  function look(): void {
    if (stopping.signal.aborted || running.size >= AT_ONCE) return
    const run = next().finally(() => running.delete(run))
    running.add(run)
  }

  async function next(): Promise<void> {
    try {
      while (!stopping.signal.aborted) {
        const upload = await claimUpload(deps.db, CLAIM_SECONDS)
        if (upload === undefined) return
        await takeUpload(deps, upload, stopping.signal)
      }
    } catch (error) {
      // The database is away: the next turn looks again.
      deps.log.warn({ err: error }, 'uploads not looked at')
    }
  }

  return {
    hasten: look,
    async close() {
      stopping.abort()
      clearInterval(turns)
      await Promise.all(running)
    },
  }
}
