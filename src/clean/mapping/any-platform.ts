import type { Platform } from '../../domain/platform.ts'

/** A platform that may speak for every village: where a layout is tried without saying who would push it. */
export const ANYWHERE: Platform = {
  name: 'anywhere',
  title: 'Tanpa batas wilayah',
  scope: [''],
  datasets: [],
  agreement: { number: '', parties: [], purpose: '', legalBasis: [], validFrom: '', validTo: '', fields: '*' },
  contact: '',
}
