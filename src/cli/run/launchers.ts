import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { CliContext } from '../context.ts'

type Ancestor = { name: string; parent: number }

const LOOK_MS = 500
const SHELLS = /^-?(sh|ash|dash|bash|zsh|ksh|fish|busybox)$/
const RUNNERS = /^(npm|npx|pnpm|yarn)/
const MOST = 12

/**
 * Watches the processes through which npm runs us and calls back once when one of them is gone. The shell between npm and
 * us passes no signal on: whoever ends npm, or kills that shell, would leave us running without anybody.
 */
export function watchLaunchers(parent: number, env: CliContext['env'], gone: () => void): void {
  if (env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const chain = launchersOf(parent, lookUp)
  if (chain.length === 0) return
  const timer = setInterval(() => {
    if (isWhole(chain, process.ppid, lookUp)) return
    clearInterval(timer)
    gone()
  }, LOOK_MS)
  timer.unref()
}

/** The ids of our ancestors up to the outermost npm: shells and runners, our parent first; none when npm is not there. */
export function launchersOf(parent: number, look: (pid: number) => Ancestor | undefined): number[] {
  const chain: number[] = []
  let whole = 0
  for (let pid = parent; chain.length < MOST; ) {
    const ancestor = look(pid)
    if (ancestor === undefined) break
    const isRunner = RUNNERS.test(ancestor.name)
    if (!isRunner && !SHELLS.test(ancestor.name)) break
    chain.push(pid)
    if (isRunner) whole = chain.length
    pid = ancestor.parent
  }
  return chain.slice(0, whole)
}

/** Whether each is still the parent of the one before; a process whose parent ends is given another at once. */
function isWhole(chain: readonly number[], parent: number, look: typeof lookUp): boolean {
  let pid = parent
  for (const [index, expected] of chain.entries()) {
    if (pid !== expected) return false
    if (index < chain.length - 1) pid = look(pid)?.parent ?? 0
  }
  return true
}

function lookUp(pid: number): Ancestor | undefined {
  try {
    if (process.platform !== 'linux') return lookUpByPs(pid)
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = text.lastIndexOf(')')
    return { name: text.slice(text.indexOf('(') + 1, end), parent: Number(text.slice(end + 2).split(' ')[1]) }
  } catch {
    return undefined
  }
}

function lookUpByPs(pid: number): Ancestor | undefined {
  const [parent = '', ...name] = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
  return { name: name.join(' ').replace(/^.*\//, ''), parent: Number(parent) }
}
