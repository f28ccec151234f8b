import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const MAIN = new URL('../../bench/main.ts', import.meta.url).pathname

async function bench(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [MAIN, ...args])).stdout
}

it('prints its figures as JSON, or writes them to the file that is named', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'titian-json-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const population = ['--population', join(folder, 'people'), '--persons', '500']
  const printed = JSON.parse(await bench('--json', ...population))
  expect(Object.keys(printed).length).toBeGreaterThan(0)
  expect(JSON.parse(await bench(...population, '--json'))).toEqual(printed)
  const file = join(folder, 'figures.json')
  expect(await bench('--json', file, ...population)).not.toBe('')
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(printed)
})
