import type { Level } from '../../domain/entry.ts'
import type { Canonical } from '../../language/canonical.ts'
import { type FormLine, tableOf } from '../forms/columns.ts'
import { csvHead, csvRows } from '../forms/csv.ts'
import type { Form } from '../forms/form.ts'
import { openParquet } from '../forms/parquet.ts'

/** Lines of a snapshot as they come; each page has room in memory. */
export type SnapshotLines = AsyncIterable<readonly object[]>

// Writing a group takes some 80 ms. Smaller groups would be many: the end of the file, which lists them, is kept in memory.
const GROUP_ROWS = 2000

/** A snapshot in one form, piece by piece: CSV and Parquet hold one level, as those of deliveries do. */
export function snapshotForm(
  pages: SnapshotLines,
  { form, level, canonical }: { form: Form; level: Level; canonical: Canonical },
): AsyncGenerator<Buffer> {
  if (form === 'application/x-ndjson') return ndjsonOf(pages)
  // Families stand beside their persons in some pages, and say where those live.
  const table = (page: readonly object[]) => tableOf(page as readonly FormLine[], level, canonical)
  if (form === 'text/csv') return csvOfPages(pages, table)
  return parquetOfPages(grouped(pages, level), table)
}

type ToTable = (page: readonly object[]) => ReturnType<typeof tableOf>

async function* ndjsonOf(pages: SnapshotLines): AsyncGenerator<Buffer> {
  for await (const page of pages) yield Buffer.from(page.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

async function* csvOfPages(pages: SnapshotLines, table: ToTable): AsyncGenerator<Buffer> {
  yield csvHead(table([]))
  for await (const page of pages) yield csvRows(table(page))
}

async function* parquetOfPages(pages: SnapshotLines, table: ToTable): AsyncGenerator<Buffer> {
  const ready: Buffer[] = []
  const file = openParquet(async (piece) => void ready.push(piece), GROUP_ROWS)
  // A table without rows gives a file without rows its columns.
  await file.add(table([]))
  for await (const page of pages) {
    await file.add(table(page))
    yield* ready.splice(0)
  }
  await file.end()
  yield* ready
}

/** Pages put together until they hold the rows of a group; a few lines of one level among many are no group. */
async function* grouped(pages: SnapshotLines, level: Level): AsyncGenerator<object[]> {
  let lines: object[] = []
  let rows = 0
  for await (const page of pages) {
    const own = page.filter((line) => (line as FormLine).level === level).length
    // Lines of the other level matter only beside those of this one.
    if (own === 0) continue
    lines.push(...page)
    rows += own
    if (rows < GROUP_ROWS) continue
    yield lines
    lines = []
    rows = 0
  }
  if (rows > 0) yield lines
}
