import { Worker } from 'node:worker_threads'
import { ERRORS, type ErrorCode, type ErrorPlace, TitianError } from '../domain/error.ts'

/** What a thread answers each time it is asked for more. */
export type StreamAnswer<Piece> =
  | { piece: Piece }
  | { end: true }
  | { error: { code: string | undefined; message: string; places: ErrorPlace[]; syscall: string | undefined } }

export type StreamThreadOptions = {
  /** The file that calls `serveStream`. */
  file: URL
  /** What that file finds in its `workerData`. */
  data: Record<string, unknown>
  /** Room for its JavaScript objects; who wants more is refused with `body-bomb`. */
  memoryMb: number
  /** How long it may work at one piece. */
  deadlineMs: number
}

/** Pieces that the thread works ahead, so that it does not wait for who takes them. */
const AHEAD = 2
// Pieces live shortly: a larger young generation only keeps them longer.
const YOUNG_MB = 6

/**
 * Reads pieces that a thread of its own makes, away from the event loop; it works only as far ahead as somebody takes them, and ends
 * with the reading. Throws what the thread throws, `body-bomb` where its memory or its time is used up.
 */
export async function* streamFromThread<Piece>(options: StreamThreadOptions): AsyncGenerator<Piece> {
  const { file, data, memoryMb, deadlineMs } = options
  const worker = new Worker(file, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
    stdout: false,
    stderr: false,
  })
  const answers: StreamAnswer<Piece>[] = []
  let failure: unknown
  let wake: () => void = () => undefined
  worker
    .on('message', (answer: StreamAnswer<Piece>) => {
      answers.push(answer)
      wake()
    })
    .on('error', (error: Error & { code?: string }) => {
      failure = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? usedUp('memory') : error
      wake()
    })
    .on('exit', (code) => {
      failure ??= new Error(`the thread ended by itself with ${code}`)
      wake()
    })
  try {
    for (let ahead = 0; ahead < AHEAD; ahead += 1) worker.postMessage('more')
    for (;;) {
      const answer = answers.shift()
      if (answer === undefined) {
        if (failure !== undefined) throw failure
        await soon(deadlineMs, (resolve) => {
          wake = resolve
        })
        continue
      }
      if ('end' in answer) return
      if ('error' in answer) throw errorOf(answer.error)
      worker.postMessage('more')
      yield answer.piece
    }
  } finally {
    await worker.terminate()
  }
}

function soon(deadlineMs: number, listen: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(usedUp('time')), deadlineMs)
    listen(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function usedUp(what: 'memory' | 'time'): TitianError {
  return new TitianError('body-bomb', `reading it takes more ${what} than there is for one body`)
}

function errorOf(error: {
  code: string | undefined
  message: string
  places: ErrorPlace[]
  syscall: string | undefined
}) {
  const { code, message, places, syscall } = error
  if (code !== undefined && code in ERRORS) return new TitianError(code as ErrorCode, message, { places })
  return Object.assign(new Error(message), { code, syscall })
}
