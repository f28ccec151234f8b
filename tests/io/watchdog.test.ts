import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

type Ended = { signal: string | null; stdout: string; stderr: string }

function run(seconds: number, how: 'burns' | 'waits'): Promise<Ended> {
  const file = join(import.meta.dirname, 'busy-process.ts')
  return new Promise((resolve) => {
    execFile(process.execPath, [file, String(seconds), how], (error, stdout, stderr) =>
      resolve({ signal: (error as { signal?: string } | null)?.signal ?? null, stdout, stderr }),
    )
  })
}

it('leaves a process alone whose event loop has breaks, and ends one that has none or that never ends what it has in hand', async () => {
  const [calm, busy, stuck] = await Promise.all([run(0, 'burns'), run(60, 'burns'), run(60, 'waits')])
  expect(calm).toMatchObject({ signal: null, stdout: 'alive\ndone\n' })
  expect(busy).toMatchObject({ signal: 'SIGKILL', stdout: 'alive\n' })
  expect(busy.stderr).toContain('the event loop was busy for 2 s')
  expect(stuck).toMatchObject({ signal: 'SIGKILL', stdout: 'alive\n' })
  expect(stuck.stderr).toContain('one thing was in hand for more than 3 s')
})
