import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareAddresses, foldAddress } from '../../../src/link/compare/address.ts'

it.each([
  ['JL. BAMBU KUNING GG. SENGGOL NO. 88', 'JL BAMBU KUNING GG SENGGOL #88'],
  ['Jalan Bambu Kuning Gang Senggol 88', 'JL BAMBU KUNING GG SENGGOL #88'],
  ['Jl. Melati No. 1 A', 'JL MELATI #1A'],
  ['Jl. Melati Gg 3 No 5', 'JL MELATI GG 3 #5'],
  ['Jl. Melati Gg 3', 'JL MELATI GG 3'],
  ['JL. 17 AGUSTUS', 'JL 17 AGUSTUS'],
  ['JL. RAYA KM 12', 'JL RAYA KM 12'],
  ['PERUMAHAN INDAH BLOK C 4', 'PERUM INDAH BLOK C #4'],
  ['DUSUN KRAJAN RT 2 RW 9', 'DUSUN KRAJAN'],
  ['Dsn. Krajan RT.02/RW.09', 'DUSUN KRAJAN'],
  ['DUSUN KRAJAN RT 002/009', 'DUSUN KRAJAN'],
  ['Dusun Krajan, RT: 02, RW: 09', 'DUSUN KRAJAN'],
  ['RT/RW 003/002 DUSUN KRAJAN', 'DUSUN KRAJAN'],
  ['Dusun Krajan R.T. 03 R.W. II', 'DUSUN KRAJAN'],
  ['DUSUN KRAJAN RT02/RW09', 'DUSUN KRAJAN'],
  ['RT 05 RW 02 DUSUN KRAJAN NO 12', 'DUSUN KRAJAN #12'],
  ['DUSUN KRAJAN 2', 'DUSUN KRAJAN 2'],
  ['LINGK. PUNCAK SARI', 'LINGKUNGAN PUNCAK SARI'],
  ['BANJAR ANYAR KELOD', 'BR ANYAR KELOD'],
  ['RT 01 RW 02', undefined],
  ['RT 01 RW 02 NO 12', undefined],
  ['12', undefined],
  [' - ', undefined],
])('%s is %s', (text, folded) => {
  expect(foldAddress(text)).toBe(folded)
})

it('is the same with the numbers of RT and RW before or behind it', () => {
  const words = fc.array(fc.constantFrom('JALAN', 'DUSUN', 'KRAJAN', 'MELATI', 'NO 12'), { minLength: 1, maxLength: 5 })
  const label = fc.constantFrom('RT 02 RW 03', 'RT/RW 002/003', 'rt.2, rw.3', 'R.T. 02 R.W. 03', 'RT02/RW03', 'RT 2/3')
  fc.assert(
    fc.property(words, label, (given, numbers) => {
      const address = given.join(' ')
      expect(foldAddress(`${numbers} ${address}`)).toBe(foldAddress(address))
      expect(foldAddress(`${address} ${numbers}`)).toBe(foldAddress(address))
    }),
  )
})

it.each([
  ['JL MELATI #1', 'JL MELATI #1', 'house'],
  ['DUSUN KRAJAN #63', 'DUSUN KRAJAN 63', 'house'],
  ['JL MELATI #1', 'JL MELATI #12', 'other'],
  ['DUSUN KRAJAN', 'DUSUN KRAJAN', 'hamlet'],
  ['DUSUN KRAJAN 2', 'DUSUN KRAJAN 2', 'hamlet'],
  ['DUSUN KRAJAN', 'DUSUN KRAJAN #4', 'hamlet'],
  ['DUSUN KRAJAN', 'DUSUN KRAJANAN', 'other'],
])('%s and %s are of one %s', (a, b, agreement) => {
  expect(compareAddresses(a, b)).toBe(agreement)
  expect(compareAddresses(b, a)).toBe(agreement)
})
