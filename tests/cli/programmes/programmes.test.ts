import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decile, openOffice, resident, SMART_KAMPUNG } from '../../programmes/office.ts'
import { titian } from '../../support/command.ts'

it('an office prints programmes, a list page after page, and what another threshold would do', async () => {
  await using desk = await openOffice()
  const call = await desk.office(SMART_KAMPUNG)
  await desk.take(call, 'smart-kampung', 'k-1', `${[1, 2, 3].map((number) => resident(number)).join('\n')}\n`)
  for (const [at, family] of (await desk.families()).entries()) await desk.say(family, decile(3 * at + 1))
  const folder = await mkdtemp(join(tmpdir(), 'titian-office-'))
  try {
    const secret = join(folder, 'secret')
    await writeFile(secret, call.secret)
    const who = ['--url', desk.url, '--client', call.id, '--secret-file', secret]
    const office = ['--platform', SMART_KAMPUNG, ...who]

    const { out: listed } = await titian(['programmes', 'list', ...who])
    expect(listed.map((line) => line.trim().split(/\s+/)[0])).toEqual(['programme', 'gizi', 'kjp', 'kjs', 'sembako'])

    const ndjson = await titian(['programmes', 'candidates', 'sembako', ...office, '--lang', 'en'])
    expect(ndjson.out.map((line) => JSON.parse(line).verdict)).toEqual(['candidate', 'candidate'])
    expect(ndjson.err.join('\n')).toContain('Nobody is accepted or refused by it')
    expect(ndjson.err.join('\n')).toContain('2 candidates, 0 undecided of 3 residents')
    const csv = await titian(['programmes', 'candidates', 'sembako', ...office, '--as', 'csv'])
    expect(csv.out[0]).toMatch(/^keys,place,verdict/)
    expect(csv.out).toHaveLength(3)

    const more = await titian(['programmes', 'what-if', 'sembako', ...office, '--set', 'decile_limit=8'])
    expect(more.out.at(-2)).toMatch(/^comes in: smart-kampung\/SKW0. \(not-eligible -> candidate\): DESIL$/)
    expect(more.out.at(-1)).toBe(
      'residents 3, before 2, after 3, comes_in 1, drops_out 0, undecided_before 0, undecided_after 0',
    )
    const criteria = join(folder, 'criteria.json')
    await writeFile(criteria, '{"DESIL": {"var": "desil_nasionl", "lte": 3}}')
    const wrong = await titian(['programmes', 'what-if', 'sembako', ...office, '--criteria', criteria])
    expect(wrong.code).toBe(1)
    expect(wrong.err.at(-1)).toContain('Did you mean "keluarga.desil_nasional"?')
    const unset = await titian(['programmes', 'what-if', 'sembako', ...office, '--set', 'decile_limit'])
    expect(unset.err.at(-1)).toContain('write name=number')
  } finally {
    await rm(folder, { recursive: true })
  }
}, 300_000)
