export type WithdrawalReasonSpec = { id: string; en: string }

/**
 * Why records are taken away. Three are Titian's own: `absent`, a whole snapshot did not hold the record; `retention`, the agreement lets
 * it be kept no longer; `erasure`, the person asked to be erased (UU PDP 27/2022), and whoever holds a copy erases it, too.
 */
export const WITHDRAWAL_REASONS = {
  mistaken: { id: 'Data keliru dikirim atau salah isi', en: 'The record was sent by mistake, or is wrong' },
  duplicate: { id: 'Data ganda di daerah', en: 'The record stands twice at home' },
  moved: { id: 'Pindah keluar wilayah', en: 'The people have moved out of the region' },
  dead: { id: 'Meninggal dunia', en: 'The person has died' },
  'not-found': { id: 'Tidak ditemukan di lapangan', en: 'Nobody was found in the field' },
  request: { id: 'Atas permintaan subjek data', en: 'The data subject asked for it' },
  erasure: { id: 'Hak penghapusan subjek data (UU PDP 27/2022)', en: 'The data subject is erased (UU PDP 27/2022)' },
  retention: { id: 'Masa simpan menurut perjanjian berakhir', en: 'The agreement lets it be kept no longer' },
  absent: { id: 'Tidak ada dalam kiriman lengkap (snapshot)', en: 'A snapshot did not hold the record' },
} as const satisfies Record<string, WithdrawalReasonSpec>

export type WithdrawalReason = keyof typeof WITHDRAWAL_REASONS

/** The reasons that a platform may give. */
export const GIVEN_REASONS = (Object.keys(WITHDRAWAL_REASONS) as WithdrawalReason[]).filter(
  (reason) => reason !== 'absent' && reason !== 'erasure' && reason !== 'retention',
)

/**
 * How far a snapshot is: `open` while its records are worked, `held` when too much is absent or a line could not be read,
 * `withdrawn` when what was absent is withdrawn, `kept` when nothing is withdrawn for it.
 */
export const SNAPSHOT_STATES = ['open', 'held', 'withdrawn', 'kept'] as const
export type SnapshotState = (typeof SNAPSHOT_STATES)[number]
