import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { families } from '../../bench/families.ts'
import { titian } from '../support/command.ts'
import { until } from '../support/running.ts'
import { startSystem } from '../support/system.ts'
import { payloadOf } from './families.ts'

it('makes one receipt, and a right one, though those who make it are killed at every named point', async () => {
  await using system = await startSystem()
  const folder = await mkdtemp(join(tmpdir(), 'titian-receipt-'))
  await system.start('receiver')
  const lines = [...families(60, 1)]
  // Gateway and worker may both make receipts: each dies when its turn comes.
  const doomed = async (point: string) => [
    await system.start('serve', { CRASH_AT: `${point}:1` }),
    await system.start('work', { CRASH_AT: `${point}:1` }),
  ]
  const first = await doomed('receipts:before-commit')
  const gateway = system.as('carik-jakarta')
  const { batch } = await gateway.push('carik', 'sekali', payloadOf(lines))
  await Promise.all(first.map(({ ended }) => ended))
  expect(first.map((child) => child.signal())).toEqual(['SIGKILL', 'SIGKILL'])
  const second = await doomed('receipts:before-sign-commit')
  await Promise.all(second.map(({ ended }) => ended))
  await system.start('serve')
  await system.start('work')
  const lineList: string[] = []
  await until(async () => {
    lineList.length = 0
    try {
      for await (const line of gateway.lines(`/v1/batches/${batch.id}/receipt`)) lineList.push(line)
      return true
    } catch {
      return false
    }
  }, 30)
  await writeFile(join(folder, 'receipt'), `${lineList.join('\n')}\n`)
  await writeFile(join(folder, 'data.ndjson'), `${lines.join('\n')}\n`)
  await writeFile(join(folder, 'keys.json'), await (await fetch(`${system.url}/.well-known/jwks.json`)).text())
  const [receipt, data, keys] = ['receipt', 'data.ndjson', 'keys.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const said = await titian([
    'receipt',
    'verify',
    receipt,
    '--data',
    data,
    '--keys',
    keys,
    '--batch',
    batch.id,
    '--json',
  ])
  expect(JSON.parse(said.out[0] ?? '{}')).toMatchObject({ holds: true, size: 60, outcomes: { new: 60 } })
  expect(lineList.find((line) => line.includes(`/batches/${batch.id}/`))).toMatch(/\/1$/)
  await gateway.close()
  await rm(folder, { recursive: true })
}, 600_000)
