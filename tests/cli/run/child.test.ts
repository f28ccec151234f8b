import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startChild } from '../../../src/cli/run/child.ts'

const CLOSES_FIRST = `
import { closeSync, writeSync } from 'node:fs'
writeSync(2, 'titian: no room\\n')
closeSync(2)
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
process.exit(1)
`

const NEVER_READY = `
import { writeSync } from 'node:fs'
if (process.env.SAYS) writeSync(2, process.env.SAYS + '\\n')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000)
`

/** Starts a child that runs this program first, and gives what the start ends with. */
async function startWith(text: string, env: Record<string, string>, startMs?: number): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'titian-child-'))
  const program = join(folder, 'program.mjs')
  await writeFile(program, text)
  const starting = startChild(
    'serve',
    { ...env, NODE_OPTIONS: `--import=${program}` },
    join(folder, 'serve.log'),
    startMs,
  )
  const [end] = await Promise.allSettled([starting])
  await rm(folder, { recursive: true })
  return end.status === 'rejected' && end.reason.message
}

it('hears of the end of a child whose standard error closed before', async () => {
  expect(await startWith(CLOSES_FIRST, {})).toBe('serve did not start: no room')
})

it('names the signal that ended a child before it said anything, and what to do', async () => {
  expect(await startWith("process.kill(process.pid, 'SIGKILL')", {})).toBe(
    'serve did not start: it was ended by SIGKILL, by somebody or for want of memory; try again',
  )
})

it.for([
  ['what it said last', { SAYS: 'waits for the lock' }, 'the last it said was "waits for the lock"'],
  ['that it said nothing', {}, 'it said nothing'],
] as const)('names the limit of a start that is too slow, and %s', async ([, env, doing]) => {
  const said = await startWith(NEVER_READY, env, 2000)
  expect(said).toBe(
    `serve did not start: it was not ready within 2 s, ${doing}; a loaded machine or a slow disk needs longer, try again`,
  )
})
