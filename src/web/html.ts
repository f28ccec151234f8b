/** Markup that is safe to send as it is. */
export type Html = { readonly markup: string }

type Part = string | number | Html | readonly Html[] | undefined

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Makes markup of a template: whatever is put in is escaped, unless it is markup itself; `undefined` is nothing. */
export function html(parts: TemplateStringsArray, ...values: Part[]): Html {
  let markup = parts[0] ?? ''
  for (let i = 1; i < parts.length; i++) markup += render(values[i - 1]) + parts[i]
  return { markup }
}

function render(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '')
  return isMarkup(part) ? part.markup : part.map(render).join('')
}

function isMarkup(part: Html | readonly Html[]): part is Html {
  return 'markup' in part
}
