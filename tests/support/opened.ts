import { zstdDecompressSync } from 'node:zlib'
import type { Pool } from 'pg'
import type { Vault } from '../../src/trust/keys/vault.ts'
import { SEALED_COLUMNS } from '../../src/trust/reseal/columns.ts'

/** Every sealed value of a database, opened and unpacked, by table and column. */
export async function openEverything(db: Pool, vault: Pick<Vault, 'open'>): Promise<{ from: string; text: string }[]> {
  const opened: { from: string; text: string }[] = []
  for (const { table, column, form, names, join = '', place } of SEALED_COLUMNS) {
    const { rows } = await db.query<{ value: Buffer | string; names: string[] }>(
      `select t.${column} as value, array[${names.join(', ')}]::text[] as names from ${table} t ${join} where t.${column} is not null`,
    )
    for (const { value, names: given } of rows) {
      const sealed = form === 'bytes' ? (value as Buffer) : Buffer.from(value as string, 'base64')
      const plain = vault.open(sealed, place(given))
      opened.push({ from: `${table}.${column}`, text: unpacked(plain) })
    }
  }
  return opened
}

function unpacked(plain: Buffer): string {
  return (plain.readUInt32LE(0) === 0xfd2fb528 ? zstdDecompressSync(plain) : plain).toString('utf8')
}
