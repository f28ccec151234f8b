import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Memory } from '../../../src/clean/codes/value-cache.ts'

const value = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean())

describe('what is remembered of a column', () => {
  it('is never the result of another value', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 2_000 }), (values) => {
        const memory = new Memory<string>()
        for (const kept of values) memory.keep(kept, `${typeof kept} ${kept}`)
        for (const asked of values) expect([undefined, `${typeof asked} ${asked}`]).toContain(memory.recall(asked))
      }),
    )
  })

  it('are the labels of a list, and the latest value in any case', () => {
    const labels = ['Tamat SD/Sederajat', 'SLTP/Sederajat', 'SLTA/Sederajat', 'Diploma III', 'Tidak/Belum Sekolah']
    const memory = new Memory<number>()
    for (const [index, label] of labels.entries()) memory.keep(label, index)
    expect(labels.map((label) => memory.recall(label))).toEqual([0, 1, 2, 3, 4])
    for (let row = 0; row < 10_000; row++) {
      memory.keep(`JL. MAWAR NO. ${row}`, row)
      expect(memory.recall(`JL. MAWAR NO. ${row}`)).toBe(row)
    }
  })

  it('keeps no list or object', () => {
    const memory = new Memory<number>()
    const list = ['PKH']
    memory.keep(list, 1)
    expect(memory.recall(list)).toBeUndefined()
  })
})
