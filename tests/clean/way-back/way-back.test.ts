import { describe, expect, it } from 'vitest'
import type { DatasetExample } from '../../../src/catalogue/examples.ts'
import type { CompiledDataset, Registry } from '../../../src/catalogue/registry.ts'
import { ANYWHERE } from '../../../src/clean/mapping/any-platform.ts'
import { openRegistry } from '../../../src/deps.ts'
import type { CanonicalRecord, Json, RawEntry } from '../../../src/domain/entry.ts'
import { NO_WAY_BACK, type WayBack } from '../../../src/domain/results/way-back.ts'
import { answersOf } from '../../../src/language/rules/answers.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'

const registry = await openRegistry({}, openVault(createKeyRing(new Date(0))))

/** Values of a variable to turn back: all answers of its code list, or some of its type. */
function samplesOf({ canonical }: Registry, key: string, current: string | number | undefined): (string | number)[] {
  const variable = canonical.variables.get(key)
  const list = variable?.codelist == null ? undefined : canonical.codelists.get(variable.codelist)
  if (list !== undefined) return [...answersOf(list)].slice(0, 80)
  if (variable?.type === 'integer') return [0, 1, 7, 45, 1200]
  if (variable?.type === 'date') return ['1987-03-12', '2001-12-31', '1984-02-29']
  if (key.endsWith('nomor_induk_kependudukan')) return ['3175092402120003']
  if (key.endsWith('nomor_kartu_keluarga')) return ['3175092402120004']
  return typeof current === 'string' ? ['JL. BARU NO. 7', current] : ['JL. BARU NO. 7']
}

type Row = Record<string, Json>

/** A copy of the source row with columns set: of one member where the name says so (`anggota[].nik`). */
function withColumns(row: Row, way: WayBack & { is: 'way' }, member: number): Row {
  const copy = structuredClone(row)
  for (const { column, value } of [...way.set, ...(way.when ?? [])]) {
    const [, list, inner] = /^(\w+)\[\]\.(.*)$/.exec(column) ?? []
    let at: Row = list === undefined ? copy : ((copy[list] as Row[])[member] as Row)
    const steps = Object.hasOwn(at, inner ?? column) ? [inner ?? column] : (inner ?? column).split('.')
    for (const step of steps.slice(0, -1)) at = at[step] as Row
    at[steps.at(-1) as string] = value
  }
  return copy
}

function entryOf(dataset: CompiledDataset, row: Row): RawEntry {
  if (dataset.format.kind === 'ndjson') return { line: 1, form: 'object', text: JSON.stringify(row) }
  return { line: 1, form: 'cells', text: JSON.stringify(dataset.format.columns.map((name) => row[name] ?? '')) }
}

/** Where a record stands among those of its entry: by level and place, since a corrected number may make another key. */
function placeIn(records: readonly CanonicalRecord[], record: CanonicalRecord): number {
  return records.filter(({ level }) => level === record.level).indexOf(record)
}

type Checked = { turned: number; none: Map<string, number>; wrong: string[] }

function checkDataset(dataset: CompiledDataset): Checked {
  const result: Checked = { turned: 0, none: new Map(), wrong: [] }
  for (const { value } of dataset.folder.examples) {
    const { platform = '', in: given } = value as DatasetExample
    const where = registry.platforms.get(platform) ?? ANYWHERE
    const row = given as Row
    const before = dataset.clean(entryOf(dataset, row), where)
    for (const record of before.records) {
      const place = placeIn(before.records, record)
      const fields = [...dataset.carries].filter((key) => key.startsWith(`${record.level}.`))
      for (const key of fields) {
        const field = key.slice(record.level.length + 1)
        const villages = field === 'kode_kelurahan_desa' ? ['3175031006', '5101021006', '3510010001'] : undefined
        for (const sample of villages ?? samplesOf(registry, key, record.fields[field])) {
          const way = dataset.turnBack(record, field, sample)
          if (way.is === 'none') {
            result.none.set(way.reason, (result.none.get(way.reason) ?? 0) + 1)
            continue
          }
          result.turned += 1
          const member = Number(/^\/\w+\/(\d+)$/.exec(record.path)?.[1] ?? 0)
          const after = dataset.clean(entryOf(dataset, withColumns(row, way, member)), ANYWHERE)
          const again = after.records.filter(({ level }) => level === record.level)[place]
          const isHeldApart = after.verdict !== 'accepted'
          if (!isHeldApart && again?.fields[field] !== sample)
            result.wrong.push(`${key}=${sample} ${JSON.stringify(way)} gave ${again?.fields[field]}`)
          if (isHeldApart) result.none.set(`(${after.verdict})`, (result.none.get(`(${after.verdict})`) ?? 0) + 1)
        }
      }
    }
  }
  return result
}

describe('the way back of a canonical value', () => {
  it.each([...registry.versions.values()])(
    'of $name@$version leads forward to the same value, or says why there is none',
    (dataset) => {
      const { turned, none, wrong } = checkDataset(dataset)
      expect(wrong.slice(0, 20)).toEqual([])
      expect(turned).toBeGreaterThan(50)
      expect([...none.keys()].filter((reason) => !(reason in NO_WAY_BACK) && !reason.startsWith('('))).toEqual([])
    },
  )
})

describe('a list that several variables are read from', () => {
  const sumedang = registry.datasets.get('sumedang')
  const family = (fields: Record<string, string>, extensions = {}) => ({
    level: 'keluarga' as const,
    fields,
    extensions,
  })

  it('is written with one variable changed and the others as they are', () => {
    const way = sumedang?.turnBack(family({ kd_pkh: '2', kd_bss_bnpt: '1', kd_blt_dana_desa: '2' }), 'kd_pkh', '1')
    expect(way).toMatchObject({ is: 'way', set: [{ column: 'program_bantuan' }] })
    const written = way?.is === 'way' ? String(way.set[0]?.value).split(',') : []
    expect(written.sort()).toEqual(['BPNT', 'PKH'])
    expect(sumedang?.turnBack(family({ kd_pkh: '1', kd_bss_bnpt: '2' }), 'kd_pkh', '2')).toMatchObject({
      set: [{ column: 'program_bantuan', value: '' }],
    })
  })

  it('is not written where it holds something that no variable has', () => {
    const held = family({ kd_pkh: '2' }, { program_bantuan: 'BST' })
    expect(sumedang?.turnBack(held, 'kd_pkh', '1')).toEqual({ is: 'none', reason: 'shared-list' })
    // Here the list of a row is read to variables of the person as well.
    const other = registry.datasets.get('smart-kampung')?.turnBack(family({ kd_pkh: '2' }), 'kd_pkh', '1')
    expect(other).toEqual({ is: 'none', reason: 'shared-list' })
  })
})
