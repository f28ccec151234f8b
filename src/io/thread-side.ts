import { readlinkSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { MOVES, POSITION, SYSTEM_ID, type ThreadAnswer } from './thread.ts'

/** Says that the thread works at another position now; costs nanoseconds. */
export type Progress = (position: number) => void

/**
 * Serves tasks inside a thread that `openThread` started. `prepare` gets the thread's data and makes the handler; what a handler
 * throws is thrown at the asker.
 */
export async function serveThread<Data, Task, Value>(
  prepare: (data: Data, progress: Progress) => Promise<(task: Task) => Value>,
): Promise<void> {
  const { progress, ...data } = workerData as Data & { progress: Int32Array }
  const port = parentPort
  if (port === null) throw new Error('this file runs in a thread only')
  const move: Progress = (position) => {
    Atomics.store(progress, POSITION, position)
    Atomics.add(progress, MOVES, 1)
  }
  Atomics.store(progress, SYSTEM_ID, systemId())
  const answer = await prepare(data as Data, move)
  port.on('message', (task: Task) => {
    port.postMessage(answerTo(task, answer))
  })
  port.postMessage({ value: 'ready' })
}

function answerTo<Task, Value>(task: Task, answer: (task: Task) => Value): ThreadAnswer<Value> {
  try {
    return { value: answer(task) }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return { error: { code, message } }
  }
}

/** The id that Linux knows this thread by; 0 elsewhere. The call is made on the thread itself, so the link names it. */
export function systemId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  } catch {
    return 0
  }
}
