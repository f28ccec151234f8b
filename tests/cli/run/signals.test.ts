import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { launchersOf } from '../../../src/cli/run/launchers.ts'
import { freePort } from '../../../src/io/local/port.ts'
import { until } from '../../support/running.ts'
import { dataFolder } from '../../support/titian.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const GONE_SECONDS = 20

/** Starts a script of package.json as a person does, and waits until it has said a line that fits. */
async function npm(args: readonly string[], said: RegExp) {
  const child = spawn('npm', ['run', ...args], {
    cwd: ROOT,
    env: { ...process.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += piece.toString()))
  await Promise.race([
    until(() => said.test(text), 90),
    once(child, 'exit').then(() => Promise.reject(new Error(`ended: ${text}`))),
  ])
  return child.pid as number
}

/** The one process that `pid` started and that goes by this name. */
function childOf(pid: number, name: string): number {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
  return Number.parseInt(lines.find((line) => line.includes(name)) ?? '', 10)
}

const VICTIMS: [string, (npm: number) => number, NodeJS.Signals][] = [
  ['npm', (npm) => npm, 'SIGTERM'],
  ['npm', (npm) => npm, 'SIGKILL'],
  ['the shell of npm', (npm) => childOf(npm, 'sh -c'), 'SIGTERM'],
  ['the shell of npm', (npm) => childOf(npm, 'sh -c'), 'SIGKILL'],
  ['up', (npm) => childOf(childOf(npm, 'sh -c'), 'start.js'), 'SIGTERM'],
  ['up', (npm) => childOf(childOf(npm, 'sh -c'), 'start.js'), 'SIGKILL'],
]

describe('what npm started', () => {
  it('is gone soon, whoever of them is told to end', { timeout: 900_000 }, async () => {
    await using data = await dataFolder()
    const options = ['--data', data.path, '--port', String(await freePort()), '--workers', '1']
    for (const [index, [who, find, signal]] of VICTIMS.entries()) {
      const script = index === 0 ? ['start', '--', ...options] : ['titian', '--', 'up', ...options]
      const pid = await npm(script, /Logs/)
      process.kill(find(pid), signal)
      await until(() => data.processes().length === 0, GONE_SECONDS).catch(() => undefined)
      expect([who, signal, data.processes()]).toEqual([who, signal, []])
    }
  })

  it('is gone when npm is ended in the middle of the demo', { timeout: 300_000 }, async () => {
    await using data = await dataFolder()
    const port = String(await freePort())
    const pid = await npm(['demo', '--', '--data', data.path, '--port', port, '--workers', '1'], /pushed /)
    process.kill(pid, 'SIGTERM')
    await until(() => data.processes().length === 0, GONE_SECONDS)
  })
})

describe('the processes that are watched', () => {
  const look = (table: Record<number, [string, number]>) => (pid: number) => {
    const [name, parent] = table[pid] ?? []
    return name === undefined || parent === undefined ? undefined : { name, parent }
  }

  it.each<[string, Record<number, [string, number]>, number[]]>([
    [
      'a shell and npm, not the shell of the person',
      { 9: ['sh', 8], 8: ['npm run titian', 7], 7: ['bash', 1] },
      [9, 8],
    ],
    ['npm alone where its shell made way', { 9: ['npm start', 7], 7: ['bash', 1] }, [9]],
    [
      'npm in npm',
      { 9: ['sh', 8], 8: ['npm run b', 7], 7: ['sh', 6], 6: ['npm run a', 5], 5: ['zsh', 1] },
      [9, 8, 7, 6],
    ],
    ['nobody where npm is not there', { 9: ['bash', 8], 8: ['sshd', 1] }, []],
    ['nobody under a supervisor of our own', { 9: ['node-MainThread', 8], 8: ['npm start', 1] }, []],
  ])('are %s', (_who, table, chain) => {
    expect(launchersOf(9, look(table))).toEqual(chain)
  })
})
