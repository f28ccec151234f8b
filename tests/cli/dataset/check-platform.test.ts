import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

const check = (...args: string[]) => titian(['check', ...args])

describe('the platform of a check', () => {
  it('is the only one that may push the dataset, with its region', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'titian-check-'))
    try {
      const text = await readFile('tests/samples/carik-jakarta/carik.ndjson', 'utf8')
      const elsewhere = { kode_kelurahan: '3510010001', kode_kelurahan_capil: '35.10.01.2001' }
      const file = join(folder, 'carik.ndjson')
      await writeFile(file, JSON.stringify({ ...JSON.parse(text.split('\n')[0] ?? ''), ...elsewhere }))
      const { out, err } = await check('--dataset', 'carik', '--json', file)
      expect(JSON.parse(out[0] ?? '')).toMatchObject({ outcome: 'rejected' })
      expect(out[0]).toContain('region-out-of-scope')
      expect(err).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('is asked for where several may push it: until then no region is checked', async () => {
    const { err, code } = await check('--dataset', 'dtks-individu', 'tests/samples/jembrana/dtks-individu.csv')
    expect(code).toBe(0)
    expect(err).toEqual([expect.stringMatching(/carik-jakarta.*jembrana.* may push dtks-individu: without --platform/)])
  })

  it('is doubted when it may not push the dataset', async () => {
    const { err } = await check(
      '--dataset',
      'carik',
      '--platform',
      'jembrana',
      'tests/samples/carik-jakarta/carik.ndjson',
    )
    expect(err).toEqual([expect.stringContaining('jembrana has no agreement for carik')])
  })
})
