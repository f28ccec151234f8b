import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { compileWith } from '../catalogue/registry-under-test.ts'

// This record cost 95 s of CPU: each of its findings was looked for among all others.
it('refuses a record of thousands of empty members with one finding', async () => {
  const { datasets, platforms } = compileWith({}).registry
  const [text = ''] = (await readFile('tests/cases/inputs/poison-26KB.ndjson', 'utf8')).split('\n')
  const platform = platforms.get('carik-jakarta')
  if (platform === undefined) throw new Error('carik-jakarta is gone')
  const cleaned = datasets.get('carik')?.clean({ line: 1, form: 'object', text }, platform)
  expect(cleaned).toMatchObject({ verdict: 'rejected', findings: [{ code: 'members-too-many', path: '/anggota' }] })
})
