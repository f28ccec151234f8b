import { parquetWriteBuffer } from 'hyparquet-writer'
import type { TableColumn } from './columns.ts'

/** A table as Parquet: texts are STRING, counts INT64, every column may be absent. The same table makes the same bytes. */
export function parquetOf(columns: readonly TableColumn[]): Buffer {
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
  return Buffer.from(parquetWriteBuffer({ columnData, createdBy: 'titian' }))
}
