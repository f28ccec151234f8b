/** One cell of CSV (RFC 4180): what a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
export function csvCell(text: string, delimiter = ','): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return safe.includes(delimiter) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
