import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

/** A program of somebody else's that lives no longer than this process, even when this process is killed. */
export type Guarded = {
  /** Settles when the program has ended, for whatever reason. */
  ended: Promise<void>
  /** Asks it to end by its signal and waits. */
  stop(): Promise<void>
}

export type GuardedOptions = {
  command: readonly string[]
  /** What the program understands as "finish and end". */
  signal: 'INT' | 'TERM'
  logFile: string
  uid?: number
  gid?: number
}

// A pipe tells the guard that we are gone; a signal could not, after kill -9. The program gets its own session
// (detached), so that Ctrl-C in a terminal reaches us alone and we end things in order. The guard outlives the signals
// that end the program, since its own end tells us that the program has ended.
const GUARD = [
  'trap : INT TERM QUIT; exec 3<&0; s=$1; shift',
  '"$@" </dev/null 3<&- & p=$!',
  '(cat <&3 >/dev/null; kill -$s $p) &',
  'while kill -0 $p 2>/dev/null; do wait $p; done',
].join('\n')

// After this a program is told more firmly: what it was asked for first may wait for a disk that is full.
const STOP_MS = 6000

/** Starts a program under a guard that ends it when this process ends in any way. */
export function startGuarded({ command, signal, logFile, uid, gid }: GuardedOptions): Guarded {
  const log = openSync(logFile, 'a', 0o600)
  const child: ChildProcess = spawn('/bin/sh', ['-c', GUARD, 'guard', signal, ...command], {
    stdio: ['pipe', log, log],
    detached: true,
    cwd: '/',
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
  closeSync(log)
  child.stdin?.on('error', () => undefined)
  const ended = endOf(child).then(() => {
    child.stdin?.destroy()
  })
  const tell = (name: NodeJS.Signals) => {
    // Not by the pipe: whoever killed the one that reads it left the program without a guard.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) signalGroup(child.pid, name)
  }
  return {
    ended,
    async stop() {
      tell(`SIG${signal}`)
      const late = [setTimeout(() => tell('SIGQUIT'), STOP_MS), setTimeout(() => tell('SIGKILL'), 2 * STOP_MS)]
      await ended
      for (const timer of late) clearTimeout(timer)
    },
  }
}

/** Settles when a child process is gone; one that could not be started (no memory, no program) is gone at once. */
export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.on('error', () => {
      if (child.pid === undefined) resolve()
    })
  })
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch (error) {
    // It ended by itself a moment ago.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
