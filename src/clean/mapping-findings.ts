import type { FindingText } from '../domain/finding.ts'

/** What conditions of blocks, lookups in other files, and the converters of names and phone numbers can find. */
export const MAPPING_FINDINGS = {
  'subject-missing': {
    severity: 'hold',
    id: 'Rekaman ini tidak memuat keluarga atau orang yang dibaca pemetaan; periksa kolom penanda jenis baris',
    en: 'The record holds no family and no person that the mapping reads; look at the column that says what the row is',
  },
  'lookup-missing': {
    severity: 'hold',
    id: 'Baris pasangannya tidak ada dalam berkas lain kiriman ini; lengkapi berkas itu atau perbaiki kolom kuncinya',
    en: 'Its row is not in the other file of this submission; complete that file or correct the column that joins them',
  },
  'lookup-differs': {
    severity: 'hold',
    id: 'Berkas lain memuat beberapa baris berbeda dengan kunci ini; sisakan satu',
    en: 'The other file has several rows with this key that differ; leave one',
  },
  'lookup-without-file': {
    severity: 'hold',
    id: 'Berkas lain yang dibaca pemetaan ini tidak disertakan; kirim keduanya dalam satu kiriman',
    en: 'The other file that the mapping reads was not sent along; send both in one submission',
  },
  'name-deceased': {
    severity: 'warning',
    id: 'Nama diberi tanda almarhum; periksa apakah orang ini masih hidup',
    en: 'The name is marked as that of somebody who has died; look whether the person lives',
  },
  'phone-invalid': {
    severity: 'warning',
    id: 'Bukan nomor telepon Indonesia yang lengkap; nilainya tidak dipakai',
    en: 'Not a whole Indonesian phone number; the value is not taken',
  },
} as const satisfies Record<string, FindingText>
