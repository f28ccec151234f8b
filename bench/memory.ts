import { readFileSync } from 'node:fs'

/** The most memory (resident set, MB) that a process of this machine has had since its start (proc(5), VmHWM). */
export function peakMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024)
}
