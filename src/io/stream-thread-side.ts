import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { StreamAnswer } from './stream-thread.ts'
import { systemId } from './thread-side.ts'

/**
 * Serves the pieces of a source inside a thread that `streamFromThread` started, one for each time it is asked. The thread gives way to
 * all others of the machine, where the system has a priority for each thread. Pieces are handed over, not copied.
 */
export function serveStream<Data, Piece extends Uint8Array | object>(
  source: (data: Data) => AsyncGenerator<Piece>,
  handedOver: (piece: Piece) => ArrayBuffer[],
): void {
  const port = parentPort
  if (port === null) throw new Error('this file runs in a thread only')
  giveWay()
  const pieces = source(workerData as Data)
  let last: Promise<unknown> = Promise.resolve()
  port.on('message', () => {
    last = last.then(async () => {
      const answer = await next(pieces)
      port.postMessage(answer, 'piece' in answer ? handedOver(answer.piece) : [])
    })
  })
}

async function next<Piece>(pieces: AsyncGenerator<Piece>): Promise<StreamAnswer<Piece>> {
  try {
    const { done, value } = await pieces.next()
    return done === true ? { end: true } : { piece: value }
  } catch (error) {
    const { code, message, places = [], syscall } = error as Error & StreamFailure
    return { error: { code, message, places, syscall } }
  }
}

type StreamFailure = { code?: string; places?: { pointer: string; code: string }[]; syscall?: string }

function giveWay(): void {
  const id = systemId()
  if (id === 0) return
  try {
    setPriority(id, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It works beside the others, as the system shares.
  }
}
