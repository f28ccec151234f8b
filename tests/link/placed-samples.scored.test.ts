import { describe, expect, it } from 'vitest'
import { numbersFrom } from '../../bench/families.ts'
import { freshDatabase } from '../support/database.ts'
import { readSampleFiles, type SampleFile } from './push-samples.ts'
import { KnownSubjects } from './resolve/tell/known-subjects.ts'
import { allFindingsOf, link, submit } from './support.ts'

const files = await readSampleFiles()

/** Pieces of sample files in an order that follows from a seed; some of them are left out. */
function shuffledPieces(seed: number, share: number): SampleFile[] {
  const below = numbersFrom(seed)
  const pieces = files.flatMap((file) =>
    Array.from({ length: Math.ceil(file.entries.length / 100) }, (_, at) => ({
      ...file,
      entries: file.entries.slice(at * 100, at * 100 + 100),
    })),
  )
  return pieces
    .map((piece) => ({ piece, at: below(1_000_000) }))
    .filter(() => below(100) < share)
    .sort((a, b) => a.at - b.at)
    .map(({ piece }) => piece)
}

describe('what a receiver knows of the sample files', { timeout: 300_000 }, () => {
  it('is where each of 716 persons lives and each family that they name, when only their list was pushed', async () => {
    await using db = await freshDatabase()
    const known = new KnownSubjects()
    const lists = files.filter(({ dataset }) => dataset === 'dtks-individu')
    for (const { platform, dataset, entries } of lists)
      known.take((await link(db.pool, await submit(db.pool, entries, { platform, dataset }))).told)
    expect(known.persons().length).toBeGreaterThan(700)
    expect(known.persons().filter((line) => !('region' in line))).toEqual([])
    expect([known.dangling, known.orphans()]).toEqual([[], []])
  })

  it.for([1, 2, 3, 4])('is the same of pieces in any order, some left out: %s', async (seed) => {
    await using db = await freshDatabase()
    const known = new KnownSubjects()
    const unplaced: string[] = []
    for (const { platform, dataset, entries } of shuffledPieces(seed, 60)) {
      const chunk = await submit(db.pool, entries, { platform, dataset })
      known.take((await link(db.pool, chunk)).told)
      const found = (await allFindingsOf(db.pool, chunk.batch)).filter((text) => text.includes('person-unplaced'))
      unplaced.push(...found.map((text) => `${chunk.batch},${text.split(' ')[0]}`))
      for (const { line, findings } of entries)
        if (findings.some(({ code }) => code.startsWith('region-'))) unplaced.push(`${chunk.batch},${line}`)
    }
    expect([known.dangling, known.orphans()]).toEqual([[], []])
    const silent = known.persons().filter((line) => {
      return !('region' in line) && !line.entries.some((entry) => unplaced.includes(entry.join()))
    })
    expect(silent.map(({ subject }) => subject)).toEqual([])
  })
})
