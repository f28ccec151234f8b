import type { AlertCondition } from './condition.ts'

/** What the product cannot tell of itself: that it is away, or how a number changes with time. */
export const ONLY_PROMETHEUS: readonly AlertCondition[] = [
  {
    ...{ name: 'process-down', severity: 'page', minutes: 2, expr: 'up{job="titian"} == 0' },
    id: 'Sebuah proses tidak menjawab Prometheus',
    en: 'A process does not answer Prometheus',
  },
  {
    ...{ name: 'process-stuck', severity: 'page', minutes: 1 },
    expr: 'max by (instance, part) (titian_in_hand_seconds) > 1800',
    id: 'Sebuah proses mengerjakan satu hal lebih dari setengah jam',
    en: 'A process has been at one chunk or one sweep for more than half an hour',
  },
  {
    ...{ name: 'metrics-absent', severity: 'page', minutes: 5, expr: 'absent(titian_conservation_gap)' },
    id: 'Tidak ada proses yang melaporkan angkanya',
    en: 'No process tells its numbers',
  },
  {
    ...{ name: 'database-down', severity: 'page', minutes: 1, expr: 'min by (instance) (titian_database_up) == 0' },
    id: 'Basis data tidak menjawab sebuah proses',
    en: 'The database does not answer a process',
  },
  {
    ...{ name: 'figures-old', severity: 'ticket', minutes: 5, expr: 'min(titian_figures_age_seconds) > 120' },
    id: 'Angka basis data tidak lagi dihitung',
    en: 'The figures of the database are not counted any more',
  },
  {
    ...{ name: 'upload-lost', severity: 'ticket', minutes: 0 },
    expr: 'sum(increase(titian_swept_total{task="broken-uploads"}[1h])) > 0',
    id: 'Pengiriman yang terputus dibuang; platform harus mengirim ulang',
    en: 'A broken-off upload was discarded; its platform must send again',
  },
  {
    ...{ name: 'lock-busy', severity: 'ticket', minutes: 15 },
    expr: 'sum(rate(titian_subject_lock_held_seconds_total[5m])) > 0.9',
    id: 'Pengaitan berjalan pada batas kemampuannya',
    en: 'The lock over the subjects is taken nearly all the time: linking runs at its limit',
  },
  {
    ...{ name: 'stages-failing', severity: 'ticket', minutes: 10 },
    expr: 'sum by (stage) (rate(titian_chunk_seconds_count{result="failed"}[10m])) > 0.05',
    id: 'Sebuah tahap berulang kali gagal',
    en: 'A stage fails again and again',
  },
]
