/** What to do about what the YAML reader met, by its codes. */
const ADVICE: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY:
    'A second ": " stands in this line, which YAML reads as a key. Put the text in quotes: title: "Data: warga".',
  TAB_AS_INDENT: 'A tab begins this line. Indent with blanks.',
  MISSING_CHAR: 'A quote, bracket or brace that opens here is not closed. Close it.',
  BAD_INDENT: 'This line is not indented as the lines around it, or a bracket above is not closed. Correct it.',
  BAD_SCALAR_START: 'A text that begins with @, %, ` or another sign of YAML needs quotes: "@umur".',
  MULTIPLE_ANCHORS: 'A text that begins with & or * needs quotes.',
  BAD_ALIAS: 'A text that begins with * needs quotes.',
  UNEXPECTED_TOKEN:
    'This does not fit to what stands before it: a list (-) and keys (name:) are mixed, or quotes stand inside a text. Correct it.',
}

/** A sentence for a mistake of a YAML file; `line` is the text of the line that it stands in. */
export function yamlAdvice(code: string, message: string, line: string): string {
  if (code !== 'DUPLICATE_KEY') return ADVICE[code] ?? `This is not YAML: ${message}. Correct the line.`
  const key = /^\s*(?:-\s+)?("(?:[^"\\]|\\.)*"|'[^']*'|[^:]+?)\s*:/.exec(line)?.[1] ?? ''
  const named = key === '' ? 'A key of this line' : `The key ${key}`
  return `${named} stands twice here, and only one of the two would count. Remove one, or write both as a list under one key.`
}
