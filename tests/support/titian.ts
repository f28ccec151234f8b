import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

/** One run of the command line as a process of its own. */
export type Run = {
  child: ChildProcess
  stdout(): string
  stderr(): string
  /** The exit code, or the name of the signal that ended it. */
  ended: Promise<number | string | null>
  /** The first line of standard output; rejects when the run ends without one. */
  line: Promise<string>
}

/** Starts `titian …` with a bare environment. */
export function runTitian(args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } })
  let out = ''
  let err = ''
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (piece) => {
      out += piece.toString()
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
    })
    child.once('close', () => reject(new Error(`ended without a line: ${err}`)))
  })
  line.catch(() => undefined)
  child.stderr.on('data', (piece) => {
    err += piece.toString()
  })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  return { child, stdout: () => out, stderr: () => err, ended, line }
}

/** A data folder of a test's own, and the processes that work on it. */
export async function dataFolder() {
  const path = await mkdtemp(join(tmpdir(), 'titian-data-'))
  return {
    path,
    /** Ids of all processes whose command line or working environment names this folder. */
    processes: () => processesNaming(path),
    async [Symbol.asyncDispose]() {
      // Only a test that failed leaves any.
      for (const pid of processesNaming(path)) process.kill(pid, 'SIGKILL')
      await rm(path, { recursive: true, force: true })
    },
  }
}

function processesNaming(text: string): number[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n')
  return lines
    .filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid)
}
