import { describe, expect, it } from 'vitest'
import { populate } from '../../bench/population/population.ts'
import { readSettings } from '../../bench/quality/settings.ts'

const people = populate({ seed: 3, persons: 20_000, dirt: 1, clash: 0, nation: true }).flatMap(({ families }) =>
  families.flatMap(({ members }) => members),
)
const share = (is: (person: (typeof people)[number]) => boolean) => people.filter(is).length / people.length

describe('a population like a nation', () => {
  it('has two thirds of its names from a few thousand, and many of one word', () => {
    const bearers = new Map<string, number>()
    for (const { name } of people) bearers.set(name, (bearers.get(name) ?? 0) + 1)
    const common = [...bearers.values()].sort((a, b) => b - a).slice(0, 3000)
    expect(common.reduce((sum, n) => sum + n, 0) / people.length).toBeGreaterThan(0.62)
    expect(share(({ name }) => !name.includes(' '))).toBeGreaterThan(0.15)
  })

  it('has many births on the days that stand for one that nobody knew', () => {
    const DAYS = ['1-1', '7-1', '12-31']
    expect(share(({ birth }) => DAYS.includes(`${birth.month}-${birth.day}`))).toBeGreaterThan(0.05)
  })

  it('has no namesakes of one birth date but by chance', () => {
    const bearers = new Map<string, number>()
    for (const { name, birth } of people) {
      const who = `${name} ${birth.year}-${birth.month}-${birth.day}`
      bearers.set(who, (bearers.get(who) ?? 0) + 1)
    }
    expect(Math.max(...bearers.values())).toBeLessThanOrEqual(3)
  })

  it('is asked for by the settings', () => {
    expect(readSettings('9:1000000:1:0:nation,2:5000:3:0.1')).toEqual([
      { seed: 9, persons: 1_000_000, dirt: 1, clash: 0, nation: true },
      { seed: 2, persons: 5000, dirt: 3, clash: 0.1 },
    ])
    expect(readSettings('2:5000:3:0.1:order=4')).toEqual([{ seed: 2, persons: 5000, dirt: 3, clash: 0.1, order: 4 }])
    expect(() => readSettings('2:5000:3:0.1:order=x')).toThrow('is no seed')
    expect(() => readSettings('9:many:1:0')).toThrow('9:many:1:0 is no seed:persons:dirt:clash')
  })
})
