import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { processesOf, signal } from '../../../bench/chaos/processes.ts'

async function ended(child: ChildProcess): Promise<void> {
  const end = once(child, 'exit')
  child.kill('SIGKILL')
  await end
}

it('finds a process that is left over, by its mark or by its folder, in whatever session', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'titian-left-'))
  const marked = spawn('sleep', ['60'], { env: { PATH: process.env.PATH, LEFT: folder }, detached: true })
  const there = spawn('sleep', ['60'], { env: { PATH: process.env.PATH }, cwd: folder, detached: true })
  await Promise.all([once(marked, 'spawn'), once(there, 'spawn')])
  const pids = () => processesOf(`LEFT=${folder}`, folder).map(({ pid }) => pid)
  expect(new Set(pids())).toEqual(new Set([marked.pid, there.pid]))
  await ended(marked)
  expect(pids()).toEqual([there.pid])
  await ended(there)
  expect([pids(), signal(there.pid as number, 'SIGKILL')]).toEqual([[], false])
  await rm(folder, { recursive: true })
})
