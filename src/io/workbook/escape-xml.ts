/** What XML 1.0 cannot hold, what a parser would change (CR), and what a reader would take for such an escape. */
const SPECIAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
  /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}|_(?=x[0-9A-Fa-f]{4}_)/gu

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text as it stands in a workbook; what XML cannot hold is written `_xHHHH_` (ECMA-376, 22.9.2.19). */
export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (sign) => NAMED[sign] ?? codeOf(sign))
}

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g

/** The reverse of the escapes `_xHHHH_` in a text of a workbook. */
export function unescapeText(text: string): string {
  return text.includes('_x') ? text.replace(ESCAPED, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))) : text
}

function codeOf(sign: string): string {
  return `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
}
