import { describe, expect, it } from 'vitest'
import { openRegistry } from '../../../src/deps.ts'
import { TitianError } from '../../../src/domain/error.ts'
import { changeRule, type RuleChange } from '../../../src/programmes/rules/change-rule.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'

const { programmes: book } = await openRegistry({}, openVault(createKeyRing(new Date(0))))

function programme(name: string) {
  const found = book.programmes.get(name)?.[0]
  if (found === undefined) throw new Error(name)
  return found
}

/** What a change is refused for: the places, and the first sentence. */
function refusalOf(name: string, change: RuleChange): { places: string[]; message: string } {
  try {
    changeRule(programme(name), change, book)
  } catch (error) {
    if (!(error instanceof TitianError) || error.code !== 'rule-invalid') throw error
    return { places: error.places.map(({ pointer }) => pointer), message: error.message }
  }
  throw new Error('it was taken')
}

const deep = (levels: number): unknown => (levels === 0 ? { var: 'umur', gte: 1 } : { not: deep(levels - 1) })

describe('a changed rule', () => {
  it('takes another threshold, another condition, and one fewer', () => {
    const base = programme('kjp')
    const changed = changeRule(
      base,
      { settings: { decile_limit: 2 }, criteria: { SEKOLAH: null, BARU: { var: 'jenis_kelamin', in: ['2'] } } },
      book,
    )
    expect(changed.programme.criteria.map(({ code }) => code)).toEqual([
      'USIA',
      'TINGGAL',
      'TERDAFTAR',
      'KHUSUS',
      'BARU',
    ])
    expect(JSON.stringify(changed.programme.criteria)).toContain('"value":2')
    expect(changed.digest).not.toBe(base.digest)
    expect(changeRule(base, {}, book).digest).toBe(base.digest)
  })

  it.each<[string, unknown, string]>([
    ['an unknown variable', { var: 'umurr', gte: 1 }, 'individu.umurr'],
    ['a test that is none', { var: 'umur', toString: 1 }, 'toString'],
    ['a test called like a property of every object', { var: 'umur', constructor: 1 }, 'constructor'],
    ['a condition called like one', { constructor: { var: 'umur' } }, 'constructor'],
    ['its prototype', JSON.parse('{"__proto__": {"var": "umur", "gte": 1}}'), '__proto__'],
    ['a pattern, which may run for hours', { var: 'nama', pattern: '(a+)+$' }, 'pattern'],
    [
      'a test of the members that takes an absent one for none',
      { one_member_with: { member: 'jenis_kelamin', code: '1' } },
      'one_member_with',
    ],
    ['a demand that a value be there', { var: 'tanggal_lahir', filled: true }, 'never a No'],
    ['the same the other way round', { not: { var: 'tanggal_lahir', filled: false } }, 'never a No'],
    ['a code of no list', { var: 'jenis_kelamin', in: ['9'] }, '"9"'],
    ['code in place of a number', { var: 'umur', gte: '1); process.exit(' }, 'a number'],
    ['code in place of a code', { var: 'nama', in: 'x' }, 'quoted texts'],
    ['a setting that it has not', { var: 'umur', gte: { setting: 'limit' } }, 'limit'],
    ['a text', 'umur > 3', 'mapping'],
    ['nothing', {}, 'one test'],
    ['depth without end', deep(5000), 'at most'],
    ['breadth without end', { any: Array.from({ length: 300 }, () => ({ var: 'umur', gte: 1 })) }, 'at most 200'],
  ])('is refused with the place of it: %s', (_, when, told) => {
    const { places, message } = refusalOf('kjp', { criteria: { USIA: when } })
    expect(places[0]).toMatch(/^\/body\/criteria\/USIA/)
    expect(message).toContain(told)
  })

  it('is refused where a setting is unknown or out of its bounds, and where nothing is left', () => {
    expect(refusalOf('kjp', { settings: { decile_limit: 11 } }).places).toEqual(['/body/settings/decile_limit'])
    expect(refusalOf('kjp', { settings: { decil: 1 } }).places).toEqual(['/body/settings/decil'])
    expect(refusalOf('sembako', { criteria: { UMUR: null } }).message).toContain('to take away')
    expect(refusalOf('sembako', { criteria: { DESIL: null } }).places).toEqual(['/body/criteria'])
  })

  it('asks about a person of a family by name', () => {
    expect(refusalOf('sembako', { criteria: { UMUR: { var: 'individu.umur', gte: 60 } } }).message).toContain(
      'any_member',
    )
    const elderly = { any_member: { var: 'tanggal_lahir', age_gte: 60 } }
    expect(changeRule(programme('sembako'), { criteria: { LANSIA: elderly } }, book).programme.criteria).toHaveLength(2)
  })
})
