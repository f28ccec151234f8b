import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process as the system lists it. */
export type Listed = { pid: number; args: string[] }

/** Processes, of whatever session and parent, that carry the mark in their environment or work in the folder. */
export function processesOf(mark: string, folder: string): Listed[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && (isMarked(pid, mark) || worksIn(pid, folder)))
    .map((pid) => ({ pid, args: read(pid, 'cmdline').split('\0').filter(Boolean) }))
    .filter(({ args }) => args.length > 0)
}

/** Sends a signal; false where the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

function isMarked(pid: number, mark: string): boolean {
  return read(pid, 'environ').split('\0').includes(mark)
}

/** A server that rewrites its title loses its environment with it, but it works in its folder. */
function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
  } catch {
    return false
  }
}

/** Empty where the process ended meanwhile. */
function read(pid: number, what: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1')
  } catch {
    return ''
  }
}
