import { expect, it } from 'vitest'
import { builtIn, compileWith, edited } from '../../catalogue/registry-under-test.ts'

const EXAMPLE = JSON.parse(builtIn.get('datasets/carik/1/examples/keluarga.json')?.text ?? '')

it('takes a column of the head as it came, without a converter and under a condition', () => {
  const { registry } = compileWith(
    edited(
      'datasets/carik/1/mapping.yaml',
      'extensions: [rt, rw, dasawisma]',
      `extensions:
      rt: rt
      rw: rw
      dasawisma: dasawisma
      name: { from: nama, of: head }
      said: [{ from: nama, of: head, when: { nik: filled } }, { from: hubungan, of: head }]`,
    ),
  )
  const carik = registry.datasets.get('carik')
  const platform = registry.platforms.get('carik-jakarta')
  if (carik === undefined || platform === undefined) throw new Error('carik is not there')
  const [family] = carik.clean({ line: 1, form: 'object', text: JSON.stringify(EXAMPLE.in) }, platform).records
  expect(family?.extensions).toMatchObject({ name: 'SITI CONTOH', said: 'SITI CONTOH' })
})
