import type { ErrorSpec } from './spec.ts'

/** Every way a job or a start can fail, and what went wrong behind a request. */
export const FAULTS = {
  'receiver-silent': { status: 502, retry: true, id: 'Penerima tidak menjawab', en: 'The receiver did not answer' },
  'receiver-refused': { status: 502, retry: true, id: 'Penerima menolak', en: 'The receiver refused' },
  unavailable: {
    status: 503,
    retry: true,
    id: 'Layanan sedang tidak tersedia',
    en: 'The service is not available now',
  },
  'audit-stale': {
    status: 503,
    retry: true,
    id: 'Log audit lama tidak ditandatangani; data baru tidak diterima sampai ada titik periksa baru',
    en: 'The audit log was not signed for long; nothing new is taken in until there is a new checkpoint',
  },
  'config-invalid': { status: 500, retry: false, id: 'Pengaturan tidak sah', en: 'The configuration is not valid' },
  'key-ring-invalid': {
    status: 500,
    retry: false,
    id: 'Kunci tidak ada atau tidak aman',
    en: 'The keys are missing or not safe',
  },
  'keys-outdated': {
    status: 503,
    retry: true,
    id: 'Kunci proses ini sudah usang: muat ulang kunci',
    en: 'This process has an older key ring than the one that data was sealed under: give it the new one',
  },
  'indexes-moving': {
    status: 503,
    retry: true,
    id: 'Kunci indeks sedang diganti; coba lagi nanti',
    en: 'The index key is being changed; try again later',
  },
  'sealed-invalid': {
    status: 500,
    retry: false,
    id: 'Data tersegel tidak dapat dibuka',
    en: 'Sealed data cannot be opened',
  },
  'registry-invalid': {
    status: 500,
    retry: false,
    id: 'Registri dataset tidak sah',
    en: 'The dataset registry is not valid',
  },
  'server-unsafe': {
    status: 500,
    retry: false,
    id: 'Server data tidak aman untuk dipakai',
    en: 'A data server is not safe to use',
  },
  'port-taken': { status: 500, retry: false, id: 'Port sudah dipakai', en: 'The port is taken' },
} as const satisfies Record<string, ErrorSpec>
