import { TitianError } from '../../domain/error.ts'

/** Turns of one gateway at reading a workbook: each takes a core and up to 128 MB while it lasts. */
export type WorkbookTurns = {
  /** Waits for a turn of a platform; what it gives ends the turn. Throws `too-many` when none was free for a minute. */
  take(platform: string): Promise<() => void>
}

type Waiting = { platform: string; begin: () => void }

const MOST_WAITING = 64
const AGAIN_SECONDS = 30

/** So many turns at the same time, and of each platform one, in the order in which they were asked for; `waitMs` is the longest wait. */
export function openTurns(most: number, waitMs: number): WorkbookTurns {
  const running = new Set<string>()
  const waiting: Waiting[] = []

  function beginNext(): void {
    if (running.size >= most) return
    const next = waiting.findIndex(({ platform }) => !running.has(platform))
    if (next !== -1) waiting.splice(next, 1)[0]?.begin()
  }

  function begin(platform: string): () => void {
    running.add(platform)
    return () => {
      if (running.delete(platform)) beginNext()
    }
  }

  return {
    take(platform) {
      if (running.size < most && !running.has(platform)) return Promise.resolve(begin(platform))
      if (waiting.length >= MOST_WAITING) return Promise.reject(noTurn())
      return new Promise((resolve, reject) => {
        const wanted: Waiting = {
          platform,
          begin: () => {
            clearTimeout(late)
            resolve(begin(platform))
          },
        }
        const late = setTimeout(() => {
          waiting.splice(waiting.indexOf(wanted), 1)
          reject(noTurn())
        }, waitMs)
        waiting.push(wanted)
      })
    },
  }
}

function noTurn(): TitianError {
  return new TitianError('too-many', 'other workbooks are being read', { retryAfterSeconds: AGAIN_SECONDS })
}
