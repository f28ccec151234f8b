import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { TableColumn } from './columns.ts'

// Writing a group takes some 20 ms, during which the process does nothing else.
const GROUP_ROWS = 500

/**
 * A table as Parquet: texts are STRING, counts INT64, probabilities DOUBLE, every column may be absent. The same table makes the same
 * bytes. `pause` is awaited between groups of rows, so that others have their turn.
 */
export async function parquetOf(columns: readonly TableColumn[], pause: () => Promise<void>): Promise<Buffer> {
  const pieces: Buffer[] = []
  const file = openParquet((piece) => {
    pieces.push(piece)
    return pause()
  }, GROUP_ROWS)
  await file.add(columns)
  await file.end()
  return Buffer.concat(pieces)
}

/** Writes a Parquet file of tables with the same columns, one after the other; `put` is given its bytes, a group of rows at a time. */
export function openParquet(put: (piece: Buffer) => Promise<void>, groupRows: number) {
  const bytes = new ByteWriter()
  const flush = async () => {
    const piece = Buffer.from(bytes.getBytes())
    // Only the place in the buffer begins anew, not the place in the file.
    bytes.index = 0
    await put(piece)
  }
  const writer = Object.assign(bytes, { flush })
  let file: ParquetWriter | undefined
  return {
    async add(columns: readonly TableColumn[]): Promise<void> {
      const columnData = columns.map(sourceOf)
      file ??= new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData }), createdBy: 'titian' })
      await file.write({ columnData, rowGroupSize: groupRows })
    },
    /** Writes what stands at the end of a file; there must have been a table, if only one without rows. */
    async end(): Promise<void> {
      await file?.finish()
      await flush()
    },
  }
}

function sourceOf({ name, type, values }: TableColumn) {
  if (type === 'integer') {
    const data = values.map((value) => (value === undefined ? null : BigInt(value)))
    return { name, type: 'INT64' as const, nullable: true, data }
  }
  const data = values.map((value) => value ?? null)
  return { name, type: type === 'number' ? ('DOUBLE' as const) : ('STRING' as const), nullable: true, data }
}
