import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './system.ts'

// proc(5) counts in ticks of sysconf(_SC_CLK_TCK), which is 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100

export type Cpu = { gateway: number; workers: number; receiver: number; postgres: number }

/** CPU seconds that each part has used since its start: unlike speed they hardly depend on what else the machine does. */
export function cpuSeconds({ installation, data }: Bench): Cpu {
  const cpu: Cpu = { gateway: 0, workers: 0, receiver: 0, postgres: 0 }
  for (const [name, pid] of Object.entries(installation.processes)) {
    if (pid === undefined) continue
    const part = name.startsWith('worker') ? 'workers' : name
    if (part in cpu) cpu[part as keyof Cpu] += ownSeconds(pid)
  }
  cpu.postgres = serverSeconds(data)
  return cpu
}

/** CPU of each part between two readings, in microseconds for each of so many. */
export function spentOn(count: number, before: Cpu, after: Cpu): Cpu {
  const each = (part: keyof Cpu) => Math.round(((after[part] - before[part]) * 1e6) / count)
  return { gateway: each('gateway'), workers: each('workers'), receiver: each('receiver'), postgres: each('postgres') }
}

/** CPU seconds of one process. */
export function ownSeconds(pid: number): number {
  const [user = 0, system = 0] = ticks(pid)
  return (user + system) / TICKS_PER_SECOND
}

/** CPU seconds of the embedded server of a data folder: of the postmaster, of the processes it has, and of those it had. */
export function serverSeconds(data: string): number {
  const postmaster = Number.parseInt(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8'), 10)
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = ticks(postmaster)
  let seconds = (user + system + endedUser + endedSystem) / TICKS_PER_SECOND
  for (const pid of childrenOf(postmaster)) seconds += ownSeconds(pid)
  return seconds
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && fieldsOf(Number(name))[1] === String(parent))
    .map(Number)
}

/** utime, stime, cutime and cstime of proc(5). */
function ticks(pid: number): number[] {
  return fieldsOf(pid).slice(11, 15).map(Number)
}

/** The fields of /proc/PID/stat behind the name, which may hold anything; none for a process that has ended. */
function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
