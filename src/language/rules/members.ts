import type { CanonicalRecord } from '../../domain/entry.ts'

/** Whether something is so of a record: true, false, or undefined where too little is known. `today` is `day` as a number. */
export type Judge = (
  record: CanonicalRecord,
  family: CanonicalRecord,
  records: readonly CanonicalRecord[],
  head: CanonicalRecord | undefined,
  day: string | undefined,
  today: number,
) => boolean | undefined

/** Whether all members of a family are among its records: as many as it says that it has. */
export function hasAllMembers(family: CanonicalRecord, records: readonly CanonicalRecord[]): boolean {
  let known = 0
  for (const { level } of records) if (level === 'individu') known++
  return known > 0 && family.fields.jumlah_anggota_keluarga === known
}

/** Whether one member is so. While a member is missing or without an answer, none being so is not known. */
export function anyMember(judge: Judge): Judge {
  return (_, family, records, head, day, today) => {
    let isKnown = true
    for (const member of records) {
      if (member.level !== 'individu') continue
      const truth = judge(member, family, records, head, day, today)
      if (truth === true) return true
      if (truth === undefined) isKnown = false
    }
    return isKnown && hasAllMembers(family, records) ? false : undefined
  }
}
