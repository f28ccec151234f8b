import type { Pool, PoolClient } from 'pg'
import { expect, it } from 'vitest'
import { freshDatabase } from '../../../support/database.ts'
import { entry, family, person, push } from '../../support.ts'

const DTKS = { dataset: 'dtks-individu' }
const kk = (at: number) => `31740101011${String(at).padStart(5, '0')}`
const NAMES = ['ADI', 'BUDI', 'CITRA', 'DEWI', 'EKO', 'FITRI', 'GALIH', 'HASAN']

/** Persons of families of their own, each told with its stub. */
function people(count: number, umur: number) {
  return Array.from({ length: count }, (_, at) => {
    const nama = `${NAMES[at % 8]} ${NAMES[(at >> 3) % 8]} ${NAMES[(at >> 6) % 8]}`
    const nik = `317401${String(10 + (at % 18))}0680${String(at).padStart(4, '0')}`
    const fields = { nomor_induk_kependudukan: nik, nama, umur, nomor_kartu_keluarga: kk(at) }
    return entry(at + 1, `P${at}`, person(`P${at}`, fields))
  })
}

/** How many statements pushing takes, in each of its steps. */
async function statementsOf(count: number): Promise<number[]> {
  await using db = await freshDatabase()
  let statements = 0
  countStatements(db.pool, () => statements++)
  const steps = [
    () => push(db.pool, people(count, 40), DTKS),
    () => push(db.pool, people(count, 41), DTKS),
    // The families come, and place everybody.
    () =>
      push(
        db.pool,
        Array.from({ length: count }, (_, at) => {
          const fields = { nomor_kartu_keluarga: kk(at), kode_kelurahan_desa: '3171010001' }
          return entry(at + 1, `F${at}`, family(`F${at}`, fields))
        }),
      ),
  ]
  const taken: number[] = []
  for (const step of steps) {
    statements = 0
    const { lines } = await step()
    expect(lines.length).toBeGreaterThanOrEqual(count)
    taken.push(statements)
  }
  return taken
}

function countStatements(pool: Pool, count: () => void): void {
  pool.on('connect', (client: PoolClient) => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown
    client.query = ((...given: unknown[]) => {
      count()
      return query(...given)
    }) as PoolClient['query']
  })
}

it('tells of many subjects in as many statements as of few', async () => {
  const [few, many] = [await statementsOf(20), await statementsOf(200)]
  expect(many).toEqual(few)
}, 300_000)
