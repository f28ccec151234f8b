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
export type RequestId = `req_${string}`
export type RestrictionId = `rst_${string}`
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
  | 'lbl'
  | 'rst'
  | 'req'
  | 'cor'
  | 'brc'
  | 'acc'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const CODES = Buffer.from(ALPHABET)
const HALF = 2 ** 25

/** 26 characters of Crockford base 32: 48 bits of milliseconds, then 79 random bits or more, so that ids of one kind sort by age. */
export function idFrom<K extends IdKind>(kind: K, milliseconds: number, random: Uint8Array): `${K}_${string}` {
  const signs = Buffer.allocUnsafe(26)
  // In two halves, since whole numbers beyond 32 bits are divided slowly; as bytes, since a text that grows is copied again later.
  writeSigns(signs, 0, Math.floor(milliseconds / HALF))
  writeSigns(signs, 5, milliseconds % HALF)
  for (let i = 0; i < 16; i++) signs[10 + i] = CODES[(random[i] ?? 0) & 31] ?? 0
  return `${kind}_${signs.toString('latin1')}`
}

/** Writes 25 bits as five characters. */
function writeSigns(signs: Buffer, at: number, bits: number): void {
  for (let i = 0; i < 5; i++) signs[at + i] = CODES[(bits >> (20 - 5 * i)) & 31] ?? 0
}

/** When an id was drawn, in milliseconds of its drawer's clock. */
export function millisecondsOf(id: `${IdKind}_${string}`): number {
  let milliseconds = 0
  for (const sign of id.slice(4, 14)) milliseconds = milliseconds * 32 + ALPHABET.indexOf(sign)
  return milliseconds
}
