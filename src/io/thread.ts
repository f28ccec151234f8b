import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ERRORS, type ErrorCode, TitianError } from '../domain/error.ts'

/** What became of a task: its value, or the position at which the thread ran out of time or memory, or threw. */
type ThreadResult<T> = { is: 'done'; value: T } | { is: 'stuck'; position: number; why: 'time' | 'memory' | 'error' }

/** A thread that works one task at a time, away from the event loop of whoever asks. */
export type Thread<Task, Value> = {
  /** Starts the thread before its first task, which then need not wait for it. */
  start(): Promise<void>
  run(task: Task): Promise<ThreadResult<Value>>
  /** Ends the thread; the next task finds a fresh one, with the data as it is then. */
  restart(): Promise<void>
  close(): Promise<void>
}

export type ThreadOptions = {
  /** The file that calls `serveThread`. */
  file: URL
  /** What that file finds in its `workerData`, beside the progress. */
  data: Record<string, unknown>
  /** How long the thread may stay at one position. */
  deadlineMs: number
  /** Room for its JavaScript objects. */
  memoryMb: number
}

/**
 * Where a thread tells what it works at: `POSITION` is the task's own measure, `MOVES` counts the changes. `SYSTEM_ID` is the
 * thread's id in the operating system, 0 where that has none.
 */
export const POSITION = 0
export const MOVES = 1
export const SYSTEM_ID = 2
const PLACES = 3

const LOOK_MS = 100
// Honest work is done with a position in a hundredth of this; what stays longer has the processor only when nobody else wants it.
const SLOW_MS = 1000
// Threads that work on beside the one in use. With so many, the next task waits.
const MOST_ASIDE = 2
// Starting compiles whatever the thread needs, on a machine that may be busy.
const START_MS = 60_000

/** What a thread answers: classes do not survive the way out of it, so an error goes as its code and message. */
export type ThreadAnswer<Value> = { value: Value } | { error: { code: string | undefined; message: string } }

/**
 * Opens a thread, started at its first task and anew after one that got stuck: it can be stopped in the middle of a loop, which an
 * event loop cannot. A task that stays at one position goes on aside, so that the next ones find a fresh thread and do not wait for
 * its deadline. A `TitianError` that the task throws is thrown here.
 */
export function openThread<Task, Value>(options: ThreadOptions): Thread<Task, Value> {
  let running: Running<Task, Value> | undefined
  const aside = new Set<Running<Task, Value>>()
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
  const started = async (): Promise<Running<Task, Value>> => {
    if (isClosed) throw new Error('the thread is closed')
    if (running === undefined || running.hasEnded()) running = await start<Task, Value>(options)
    return running
  }
  /** Takes a thread out of use; gives the result when it has stopped. */
  const finish = async (thread: Running<Task, Value>, result: Promise<ThreadResult<Value>>) => {
    try {
      return await result
    } finally {
      await thread.stop()
      aside.delete(thread)
    }
  }
  const work = async (task: Task): Promise<{ result: Promise<ThreadResult<Value>> }> => {
    const thread = await started()
    const slowed = Promise.withResolvers<'slow'>()
    const result = thread.work(task, () => slowed.resolve('slow'))
    const first = await Promise.race([result, slowed.promise])
    if (first !== 'slow' && first.is === 'done') return { result }
    running = undefined
    if (first !== 'slow' || aside.size >= MOST_ASIDE) return { result: Promise.resolve(await finish(thread, result)) }
    aside.add(thread)
    // The next task finds it ready; what keeps it from starting is told to that task.
    inTurn(started).catch(() => undefined)
    return { result: finish(thread, result) }
  }
  return {
    start: () => inTurn(async () => void (await started())),
    // An object around it, since a promise of a promise would be waited for in the turn.
    run: async (task) => (await inTurn(() => work(task))).result,
    async restart() {
      await last
      const old = running
      running = undefined
      await old?.stop()
    },
    async close() {
      isClosed = true
      await last
      await Promise.all([running, ...aside].map((thread) => thread?.stop()))
    },
  }
}

type Running<Task, Value> = {
  /** `onSlow` is told once the thread has stayed at one position for longer than honest work does. */
  work(task: Task, onSlow: () => void): Promise<ThreadResult<Value>>
  hasEnded(): boolean
  stop(): Promise<void>
}

async function start<Task, Value>(options: ThreadOptions): Promise<Running<Task, Value>> {
  const { file, data, deadlineMs, memoryMb } = options
  const progress = new Int32Array(new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT))
  const worker = new Worker(file, {
    workerData: { ...data, progress },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    // What the thread prints is the process's own output.
    stdout: false,
    stderr: false,
  })
  worker.unref()
  let hasEnded = false
  // An error between two tasks, as of a thread that is being stopped, is nobody's: the next task finds a fresh thread.
  worker
    .on('error', () => undefined)
    .on('exit', () => {
      hasEnded = true
    })
  const ready = await answerOf<'ready'>({ worker, progress, deadlineMs: START_MS, onSlow: () => undefined })
  if (ready.is === 'stuck') {
    await worker.terminate()
    throw new Error(`the thread ${file.pathname} did not start: it ran out of ${ready.why}`)
  }
  return {
    work(task, onSlow) {
      worker.postMessage(task)
      const slow = () => {
        slowDown(Atomics.load(progress, SYSTEM_ID))
        onSlow()
      }
      return answerOf<Value>({ worker, progress, deadlineMs, onSlow: slow })
    },
    hasEnded: () => hasEnded,
    async stop() {
      await worker.terminate()
    },
  }
}

/** Gives one thread the lowest priority, where the system has one for each thread, as Linux does. */
function slowDown(id: number): void {
  if (id === 0) return
  try {
    setPriority(id, constants.priority.PRIORITY_LOW)
  } catch {
    // It works on beside the others, until its deadline.
  }
}

type Waiting = { worker: Worker; progress: Int32Array; deadlineMs: number; onSlow(): void }

/** The thread's next answer; `stuck` when its position has not changed for so long, or its memory is used up. */
function answerOf<Value>({ worker, progress, deadlineMs, onSlow }: Waiting): Promise<ThreadResult<Value>> {
  return new Promise((resolve, reject) => {
    let moves = Atomics.load(progress, MOVES)
    let since = performance.now()
    let isSlow = false
    const stuck = (why: 'time' | 'memory' | 'error') => ({
      is: 'stuck' as const,
      position: Atomics.load(progress, POSITION),
      why,
    })
    const timer = setInterval(() => {
      const now = Atomics.load(progress, MOVES)
      if (now !== moves) {
        moves = now
        since = performance.now()
        return
      }
      const stayed = performance.now() - since
      if (stayed > deadlineMs) end(() => resolve(stuck('time')))
      else if (stayed > SLOW_MS && !isSlow) {
        isSlow = true
        onSlow()
      }
    }, LOOK_MS)
    const onMessage = (answer: ThreadAnswer<Value>) => {
      end(() => {
        if ('value' in answer) resolve({ is: 'done', value: answer.value })
        else if (isKnown(answer.error.code)) reject(new TitianError(answer.error.code, answer.error.message))
        else resolve(stuck('error'))
      })
    }
    const onError = (error: Error & { code?: string }) => {
      end(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(stuck('memory')) : reject(error)))
    }
    const onExit = (code: number) => end(() => reject(new Error(`the thread ended by itself with ${code}`)))
    const end = (say: () => void) => {
      clearInterval(timer)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      say()
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  })
}

function isKnown(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in ERRORS
}
