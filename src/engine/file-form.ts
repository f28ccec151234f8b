import Type, { type Static } from 'typebox'

const Count = Type.Integer({ minimum: 0 })

const oneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description })

/** How a file was read: what was declared, and what its bytes say of themselves. */
export const FileForm = Type.Object(
  {
    kind: oneOf(['ndjson', 'json-array', 'csv', 'xlsx'], 'What was read'),
    encoding: Type.Optional(
      Type.String({
        description: 'Of a text: `utf-8`, `windows-1252`, `utf-16le`, `utf-16be`, or `mixed`, where files were joined',
        examples: ['utf-8'],
      }),
    ),
    byte_order_mark: Type.Optional(Type.Boolean()),
    delimiter: Type.Optional(Type.String({ description: 'Of a CSV: what stands between its cells', examples: [';'] })),
    quote: Type.Optional(
      Type.Union([Type.Literal('"'), Type.Null()], { description: 'Of a CSV: null where no cell is quoted' }),
    ),
    line_ends: Type.Optional(oneOf(['lf', 'crlf', 'cr', 'mixed', 'none'], 'Of a text')),
    separator_line: Type.Optional(Type.Boolean({ description: 'Of a CSV: whether it begins with a line `sep=`' })),
    end_mark: Type.Optional(Type.Boolean({ description: 'Of a text: whether it ends with the byte 1A' })),
    header_line: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Of a table: the line or row that its column names stand in' }),
    ),
    sheet: Type.Optional(Type.String({ description: 'Of a workbook: the sheet that was read', examples: ['Anggota'] })),
    sheet_number: Type.Optional(Type.Integer({ minimum: 1 })),
    sheets: Type.Optional(Type.Integer({ minimum: 1, description: 'Of a workbook: sheets in all' })),
    date_epoch: Type.Optional(
      Type.Union([Type.Literal(1900), Type.Literal(1904)], { description: 'Of a workbook: what its days count from' }),
    ),
    hidden_rows: Type.Optional({ ...Count, description: 'Hidden rows, which were read' }),
    hidden_columns: Type.Optional({ ...Count, description: 'Hidden columns, which were read' }),
    merged_down: Type.Optional({
      ...Count,
      description: 'Cells that were merged over several rows: only the first of their rows has the value',
    }),
    formulas: Type.Optional({ ...Count, description: 'Cells with a formula, of which the last result was read' }),
  },
  { $id: 'FileForm', additionalProperties: false, description: 'How a file was read' },
)
export type FileForm = Static<typeof FileForm>
