import Type from 'typebox'

/** What the sender says of a workbook: the sheet by its name or number, the row of the header. */
export type WorkbookChoice = { sheet?: string; headerRow?: number }

/** What a query may say of a workbook. */
export const SHEET_QUERY = {
  sheet: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description:
        'Of an XLSX workbook: the sheet, by name or by number from 1; else the only one that has the columns',
      examples: ['Anggota'],
    }),
  ),
  header_row: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Of an XLSX workbook: the row of the column names; else the first of 50 rows that has them',
    }),
  ),
}

export type SheetQuery = { sheet?: string; header_row?: number }

/** The choice of a query as the reader takes it. */
export function choiceOf({ sheet, header_row: headerRow }: SheetQuery): WorkbookChoice {
  return { ...(sheet !== undefined && { sheet }), ...(headerRow !== undefined && { headerRow }) }
}
