import { describe, expect, it } from 'vitest'
import { bearsNumber } from '../../../src/link/persons/bears-number.ts'

// A man born 7 March 1976, by his number.
const NIK = '5101010703760001'

describe('a record and the NIK that it carries', () => {
  it.each([
    ['one birth date', { tanggal_lahir: '1976-03-07', jenis_kelamin: '1' }, true],
    ['no birth date', {}, true],
    ['another year', { tanggal_lahir: '1978-03-07', jenis_kelamin: '1' }, true],
    ['day and month exchanged', { tanggal_lahir: '1976-07-03', jenis_kelamin: '1' }, true],
    ['the other sex and one birth date', { tanggal_lahir: '1976-03-07', jenis_kelamin: '2' }, true],
    ['only the year, and the other sex', { tanggal_lahir: '1976-11-23', jenis_kelamin: '2' }, false],
    ['another birth date', { tanggal_lahir: '1981-11-23', jenis_kelamin: '1' }, false],
  ])('with %s', (_name, fields, answer) => {
    expect(bearsNumber(fields, NIK)).toBe(answer)
  })
})
