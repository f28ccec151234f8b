import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldAddress, namesHouse } from '../../src/link/address.ts'

it.each([
  ['JL. BAMBU KUNING GG. SENGGOL NO. 88', 'JL BAMBU KUNING GG SENGGOL 88'],
  ['Jalan Bambu Kuning Gang Senggol 88', 'JL BAMBU KUNING GG SENGGOL 88'],
  ['DUSUN KRAJAN RT 2 RW 9', 'DUSUN KRAJAN'],
  ['Dsn. Krajan RT.02/RW.09', 'DUSUN KRAJAN'],
  ['DUSUN KRAJAN RT 002/009', 'DUSUN KRAJAN'],
  ['Dusun Krajan, RT: 02, RW: 09', 'DUSUN KRAJAN'],
  ['LINGK. PUNCAK SARI', 'LINGKUNGAN PUNCAK SARI'],
  ['BANJAR ANYAR KELOD', 'BR ANYAR KELOD'],
  ['Kp. Barat No.5A', 'KP BARAT 5A'],
  ['JL. ARTA 3', 'JL ARTA 3'],
  ['RT 01 RW 02', undefined],
  [' - ', undefined],
])('%s is %s', (text, folded) => {
  expect(foldAddress(text)).toBe(folded)
})

it('folds what is folded to itself', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('Jalan', 'GG.', 'no', '12/3', 'KRAJAN', 'dsn', 'Br.', 'RT 02')), (words) => {
      const folded = foldAddress(words.join(' '))
      expect(folded === undefined ? undefined : foldAddress(folded)).toBe(folded)
    }),
  )
})

it.each([
  ['JL BAMBU KUNING 88', true],
  ['DUSUN KRAJAN', false],
])('%s names a house: %s', (address, isHouse) => {
  expect(namesHouse(address)).toBe(isHouse)
})
