const PLACEHOLDER = /<([a-z_]+)>/g

function fill(value: unknown, words: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string') {
    return value.replace(PLACEHOLDER, (whole, name: string) => String(words[name] ?? whole))
  }
  if (Array.isArray(value)) return value.map((part) => fill(part, words))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [fill(key, words), fill(part, words)]))
}

/** One rule per row of `each`, with `<word>` filled in from the row; a rule without `each` stands for itself. */
export function expand(rule: Record<string, unknown>): unknown[] {
  const { each, ...template } = rule
  if (!Array.isArray(each)) return [rule]
  return each.map((words) => fill(template, words as Record<string, unknown>))
}
