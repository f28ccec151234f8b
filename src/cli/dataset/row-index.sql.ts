import { createHash } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { FoundRow, OtherFiles } from '../../domain/dataset.ts'
import type { Json } from '../../domain/entry.ts'
import { sql } from '../../io/postgres/sql.ts'

/** What stands for rows of one key that do not say the same. */
const DIFFERING = ''

/**
 * The rows of files that others look values up in, by lookup and key. They lie in a temporary database that SQLite keeps on disk
 * and removes when it is closed, so memory stays bounded whatever the size of a file.
 */
export class RowIndex implements OtherFiles, Disposable {
  readonly #db = new DatabaseSync('')
  readonly #lookups = new Set<string>()
  readonly #put: StatementSync
  readonly #get: StatementSync

  constructor() {
    this.#db.exec(sql`create table row (key blob primary key, text text not null) without rowid`.text)
    this.#db.exec('begin')
    this.#put = this.#db.prepare(
      sql`insert into row (key, text) values (?1, ?2) on conflict (key) do update set text = '' where text <> ?2`.text,
    )
    this.#get = this.#db.prepare(sql`select text from row where key = ?1`.text)
  }

  /** Says that the file of a lookup is here, even if it has no rows. */
  open(lookup: string): void {
    this.#lookups.add(lookup)
  }

  add(lookup: string, key: string, row: Json): void {
    if (key !== '') this.#put.run(digestOf(lookup, key), JSON.stringify(row))
  }

  has(lookup: string): boolean {
    return this.#lookups.has(lookup)
  }

  find(lookup: string, key: string): FoundRow {
    const found = this.#get.get(digestOf(lookup, key)) as { text: string } | undefined
    if (found === undefined) return undefined
    return found.text === DIFFERING ? 'differing' : { row: JSON.parse(found.text) as Json }
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}

function digestOf(lookup: string, key: string): Buffer {
  return createHash('sha256').update(`${lookup}\u0000${key}`).digest()
}
