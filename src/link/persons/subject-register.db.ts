import type { CanonicalRecord } from '../../domain/entry.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { keyOfIndex } from '../block/blocking-keys.ts'
import { lookUpBlocks } from '../subjects/blocking.sql.ts'
import { findRestricted, NOBODY_RESTRICTED, type Restricted } from '../subjects/restricted/find-restricted.db.ts'
import { isAnybodyRestricted } from '../subjects/restricted/restricted.sql.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { readHolders, readLivingIds, readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import type { Opener } from '../subjects/source-record.ts'
import type { Index } from '../subjects/subject.ts'
import { lookUpIdentifiers, readMerged } from '../subjects/subjects.sql.ts'
import { bearsNumber } from './bears-number.ts'

type Level = CanonicalRecord['level']
type Named = Map<string, Set<SubjectId>>

/** What other rooms may ask about subjects: who they are now, whose numbers lead to them, and which records make them. */
export function subjectRegister(vault: Pick<Vault, 'open' | 'indexForms' | 'lastingText' | 'lastingOf'>) {
  return {
    async living(db: Db, ids: readonly SubjectId[]): Promise<Map<SubjectId, SubjectId>> {
      return new Map((await readLivingIds(db, ids)).map(({ id, now }) => [id, now]))
    },
    former: readMerged,
    named: (db: Db, level: Level, numbers: readonly string[]): Promise<Named> =>
      level === 'individu' ? personsOf(db, vault, numbers) : familiesOf(db, vault, numbers),
    platforms: readHolders,
    async records(db: Db, subjects: readonly SubjectId[], platform: string | null) {
      const rows = await readSources(db, subjects)
      return rows
        .filter((row) => platform === null || row.platform === platform)
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .map((row) => {
          const { subject, dataset } = row
          return { subject, platform: row.platform, dataset, record: openRecord(row, vault) }
        })
    },
    /** Those of these persons whose data is restricted. */
    async restricted(db: Db, subjects: readonly SubjectId[]): Promise<ReadonlySet<SubjectId>> {
      return (await restrictedAmong(db, vault, subjects)).persons
    },
    /** The same, with the families that name such a person as their head. */
    async restrictedOrNaming(db: Db, subjects: readonly SubjectId[]): Promise<ReadonlySet<SubjectId>> {
      const { persons, heads } = await restrictedAmong(db, vault, subjects)
      return new Set<SubjectId>([...persons, ...heads])
    },
  }
}

/** Which of some subjects are restricted, by their stored records. One statement while nobody is. */
export async function restrictedAmong(
  db: Db,
  vault: Pick<Vault, 'open' | 'lastingText' | 'lastingOf'>,
  subjects: readonly SubjectId[],
): Promise<Restricted> {
  if (subjects.length === 0 || !(await isAnybodyRestricted(db))) return NOBODY_RESTRICTED
  const sources = Map.groupBy(await readSources(db, subjects), ({ subject }) => subject)
  const former = Map.groupBy(await readMerged(db, subjects), ({ into }) => into)
  const asked = subjects.map((subject) => ({
    subject,
    former: (former.get(subject) ?? []).map(({ id }) => id),
    records: (sources.get(subject) ?? []).map((row) => ({
      key: row.key,
      family: row.family,
      open: () => openRecord(row, vault),
    })),
  }))
  const open: Opener = (key, platform, sealed) => openRecord({ key, platform, sealed }, vault)
  const { lastingText, lastingOf } = vault
  return findRestricted(db, asked, { lastingText, lastingOf, open })
}

/** The persons whose records carry these NIK as their own. A number that very many records carry leads to nobody. */
async function personsOf(db: Db, vault: Pick<Vault, 'open' | 'indexForms'>, niks: readonly string[]): Promise<Named> {
  const keys = new Map(
    formsOf(niks, (nik) => vault.indexForms('nik', nik)).map(([index, nik]) => [keyOfIndex(index), nik]),
  )
  const { blocks } = await lookUpBlocks(db, [...keys.keys()])
  const rows = await readRecordsByKey(db, [...new Set([...blocks.values()].flat().map(({ record }) => record))])
  const named: Named = new Map()
  for (const row of rows) {
    const { fields } = openRecord(row, vault)
    const nik = fields.nomor_induk_kependudukan
    // A blocking key is 64 bits of an index: another text may share it.
    if (typeof nik === 'string' && row.subject.startsWith('per_') && bearsNumber(fields, nik))
      add(named, nik, row.subject)
  }
  return named
}

async function familiesOf(db: Db, vault: Pick<Vault, 'indexForms'>, numbers: readonly string[]): Promise<Named> {
  const indexes = new Map(formsOf(numbers, (kk) => vault.indexForms('kk', kk)))
  const named: Named = new Map()
  for (const { index, subject } of await lookUpIdentifiers(db, [...indexes.keys()]))
    add(named, indexes.get(index) ?? '', subject)
  return named
}

/** The indexes of numbers as texts, each with its number; of each there are two while the index key rotates. */
function formsOf(numbers: readonly string[], forms: (number: string) => Buffer[]): [Index, string][] {
  return numbers.flatMap((number) => forms(number).map((form): [Index, string] => [form.toString('hex'), number]))
}

function add(named: Named, number: string, subject: SubjectId): void {
  const known = named.get(number)
  if (known === undefined) named.set(number, new Set([subject]))
  else known.add(subject)
}
