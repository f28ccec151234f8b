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

it('hears of the end of a child whose standard error closed before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'titian-child-'))
  const program = join(folder, 'closes-first.mjs')
  await writeFile(program, CLOSES_FIRST)
  const starting = startChild('serve', { NODE_OPTIONS: `--import=${program}` }, join(folder, 'serve.log'))
  await expect(starting).rejects.toThrow('serve did not start: no room')
  await rm(folder, { recursive: true })
})
