/** Ids carry their kind, so that a wrong one does not compile and a log line reads itself. */
export type BatchId = `bat_${string}`
export type ChunkId = `chk_${string}`
export type DeliveryId = `dlv_${string}`
export type PersonId = `per_${string}`
export type FamilyId = `fam_${string}`
export type SubjectId = PersonId | FamilyId
export type ReviewId = `rev_${string}`
export type ListId = `lst_${string}`
export type SubmissionId = `sub_${string}`
export type UploadId = `upl_${string}`
export type ErasureId = `era_${string}`
/** The account of a person who works at the console. */
export type AccountId = `acc_${string}`
export type WebhookId = `whk_${string}`
/** The database draws it: 32 hexadecimal digits. */
export type EventId = `evt_${string}`
export type IdKind =
  | 'bat'
  | 'chk'
  | 'dlv'
  | 'per'
  | 'fam'
  | 'rev'
  | 'lst'
  | 'whk'
  | 'lse'
  | 'sub'
  | 'upl'
  | 'era'
  | 'acc'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 26 characters of Crockford base 32: 48 bits of milliseconds, then 79 random bits or more, so that ids of one kind sort by age. */
export function idFrom<K extends IdKind>(kind: K, milliseconds: number, random: Uint8Array): `${K}_${string}` {
  let text = ''
  let rest = milliseconds
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  for (let i = 0; i < 16; i++) text += ALPHABET[(random[i] ?? 0) & 31]
  return `${kind}_${text}`
}

/** When an id was drawn, in milliseconds of its drawer's clock. */
export function millisecondsOf(id: `${IdKind}_${string}`): number {
  let milliseconds = 0
  for (const sign of id.slice(4, 14)) milliseconds = milliseconds * 32 + ALPHABET.indexOf(sign)
  return milliseconds
}
