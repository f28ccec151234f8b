import { readFileSync } from 'node:fs'
import type { Installation } from '../src/cli/run/installation.ts'

/** The most memory (resident set, MB) that gateway and workers have had since their start (proc(5), VmHWM). */
export function peaks({ processes }: Installation): { gateway: number; worker: number } {
  const workers = Object.entries(processes).filter(([name]) => name.startsWith('worker'))
  return { gateway: peakMb(processes.gateway), worker: Math.max(...workers.map(([, pid]) => peakMb(pid))) }
}

function peakMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024)
}
