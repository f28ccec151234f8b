import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import type { TableColumn } from './columns.ts'

// Writing a group takes some 20 ms, during which the process does nothing else.
const GROUP_ROWS = 500

/**
 * A table as Parquet: texts are STRING, counts INT64, every column may be absent. The same table makes the same bytes. `pause` is
 * awaited between groups of rows, so that others have their turn.
 */
export async function parquetOf(columns: readonly TableColumn[], pause: () => Promise<void>): Promise<Buffer> {
  const columnData = columns.map(({ name, type, values }) =>
    type === 'integer'
      ? {
          name,
          type: 'INT64' as const,
          nullable: true,
          data: values.map((value) => (value === undefined ? null : BigInt(value))),
        }
      : { name, type: 'STRING' as const, nullable: true, data: values.map((value) => value ?? null) },
  )
  const writer = Object.assign(new ByteWriter(), { flush: pause })
  await parquetWrite({ writer, columnData, rowGroupSize: GROUP_ROWS, createdBy: 'titian' })
  return Buffer.from(writer.getBytes())
}
