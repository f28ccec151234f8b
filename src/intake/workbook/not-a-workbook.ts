import { TitianError } from '../../domain/error.ts'

/** What a ZIP is that is no XLSX workbook, by the names of its parts, and what to do. */
const KINDS: readonly [code: string, part: RegExp, words: string][] = [
  ['ods', /^content\.xml$/, 'an OpenDocument file; save it as XLSX'],
  ['xlsb', /^xl\/workbook\.bin$/, 'a binary workbook (XLSB); save it as XLSX'],
  ['docx', /^word\//, 'a text document; save its table as XLSX or CSV'],
  ['numbers', /^index\/.*\.iwa$/, 'a workbook of Numbers; export it as XLSX'],
]

/** Says what a ZIP is that is no XLSX workbook: `body-form`. */
export function notAWorkbook(names: readonly string[]): TitianError {
  const kind = KINDS.find(([, part]) => names.some((name) => part.test(name)))
  const [code, , words] = kind ?? ['zip', /./, 'a ZIP of other files; send the file inside it']
  return new TitianError('body-form', `the body is ${words}`, { places: [{ pointer: '/body', code }] })
}
