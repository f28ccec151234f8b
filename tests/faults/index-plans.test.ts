import fc from 'fast-check'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { idFrom } from '../../src/domain/ids.ts'
import { openRecord } from '../../src/link/subjects/sealed-record/open-record.db.ts'
import { rotateIndexKey, withoutIndexKeys } from '../../src/trust/keys/keyring.ts'
import { readIndexKey } from '../../src/trust/reindex/gate.sql.ts'
import { reindexTask } from '../../src/trust/reindex/reindex.db.ts'
import { entry, family, judgeAll, type LinkTurns, link, person, ring, submit, vault } from '../link/support.ts'
import { freshDatabase } from '../support/database.ts'

const DATASETS = ['carik', 'dtks-individu', 'p3ke-individu']
const NAMES = ['RATNA KUSUMAWARDANI', 'SARI DEWI LESTARI', 'BAMBANG SUTRISNO', 'WAYAN SUDIRTA']
const TYPOS = ['RATNA KUSUMAWARDANI', 'SARI DEWI LESTARY', 'BAMBANG SUTRISNA', 'WAYAN SUDIARTA']
const CARD = '3171010101010001'

/** What a step pushes: persons of a dataset by their numbers, each maybe with a slip in the name, a NIK, and the family's card. */
type Step = { dataset: string; persons: { who: number; hasSlip: boolean; hasNik: boolean; hasCard: boolean }[] }

const steps = fc.array(
  fc.record({
    dataset: fc.constantFrom(...DATASETS),
    persons: fc.uniqueArray(
      fc.record({ who: fc.nat(3), hasSlip: fc.boolean(), hasNik: fc.boolean(), hasCard: fc.boolean() }),
      { selector: ({ who }) => who, minLength: 1, maxLength: 4 },
    ),
  }),
  { minLength: 3, maxLength: 6 },
)

/** A database, and the ids of its subjects in the order in which they are drawn. */
type Registry = { pool: Pool; newSubjectId: NonNullable<LinkTurns['newSubjectId']> }

function registryIn({ pool }: { pool: Pool }): Registry {
  let drawn = 0
  return { pool, newSubjectId: (kind) => idFrom(kind, ++drawn, Buffer.alloc(16)) }
}

async function take({ pool, newSubjectId }: Registry, { dataset, persons }: Step, day: number): Promise<void> {
  const asOf = `2026-01-${String(day + 1).padStart(2, '0')}`
  const entries = persons.map(({ who, hasSlip, hasNik, hasCard }, at) =>
    entry(
      at + 1,
      `K${who}`,
      family(
        `K${who}`,
        { nama_anggota_keluarga: NAMES[who] ?? '', ...(hasCard && { nomor_kartu_keluarga: CARD }) },
        { asOf },
      ),
      person(
        `K${who}`,
        {
          nama: (hasSlip ? TYPOS : NAMES)[who] ?? '',
          tanggal_lahir: `1983-04-1${who}`,
          jenis_kelamin: '2',
          ...(hasNik && { nomor_induk_kependudukan: `317101530483000${who}` }),
          ...(hasCard && { nomor_kartu_keluarga: CARD }),
        },
        { asOf },
      ),
    ),
  )
  await link(pool, await submit(pool, entries, { dataset }), { newSubjectId })
}

/** The records under each subject and the version that was told last, by what the sources call them. */
async function subjectsOf(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ key: string; subject: string; dataset: string; sealed: Buffer; version: number }>(
    `select encode(r.key_index, 'hex') as key, r.subject, r.dataset, r.sealed, s.version
     from source_record r join subject s on s.id = r.subject`,
  )
  const named = rows.map(({ key, subject, dataset, sealed, version }) => {
    const { level, key: own } = openRecord({ key, platform: 'carik-jakarta', sealed }, vault)
    return { subject, version, name: `${dataset} ${level} ${own}` }
  })
  return [...Map.groupBy(named, ({ subject }) => subject).values()]
    .map(
      (of) =>
        `${of[0]?.version}: ${of
          .map(({ name }) => name)
          .sort()
          .join(', ')}`,
    )
    .sort()
}

/** Who is told when all records are judged again. */
async function relink({ pool, newSubjectId }: Registry): Promise<string[]> {
  const { lines } = await judgeAll(pool, { newSubjectId })
  return lines.map(({ subject, version }) => `${subject} ${version}`)
}

/** Moves all indexes of a database to the next key. */
async function rotate(db: Pool, version: number): Promise<void> {
  Object.assign(ring, rotateIndexKey(withoutIndexKeys(ring, version), new Date(0)))
  const deps = { vault, ring, crash: () => undefined, isBusy: () => Promise.resolve(false) }
  const task = reindexTask(deps)
  while ((await readIndexKey(db)).version <= version) await task.run(db)
  vault.useIndexKey(version + 1)
}

describe('a registry whose index key rotates', () => {
  it('has the same subjects, told as often, as one whose key stays, and tells nobody again', {
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(5), async (plan, cut) => {
        await using one = await freshDatabase()
        await using other = await freshDatabase()
        const [still, moved] = [registryIn(one), registryIn(other)]
        ring.indexKeys = [{ version: 1 }]
        vault.useIndexKey(1)
        for (const [day, step] of plan.entries()) await take(still, step, day)
        const expected = await subjectsOf(still.pool)
        const relinked = await relink(still)
        const at = cut % plan.length
        for (const [day, step] of plan.entries()) {
          // Twice, so that one key is taken off and another put on.
          if (day === at) for (const version of [1, 2]) await rotate(moved.pool, version)
          await take(moved, step, day)
        }
        expect(await subjectsOf(moved.pool)).toEqual(expected)
        // Judged all at once some are others than one after the other: it tells the same with either key.
        expect(await relink(moved)).toEqual(relinked)
        await rotate(moved.pool, 3)
        expect(await relink(moved)).toEqual([])
        vault.useIndexKey(1)
      }),
      { numRuns: 5 },
    )
  })
})
