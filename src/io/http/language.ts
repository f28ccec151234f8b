/** The languages that people are answered in; the first is the default. */
const LANGUAGES = ['id', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** The best of our languages for an Accept-Language header (RFC 9110, 12.5.4); Indonesian when it names none of them. */
export function languageOf(header: string | undefined): Language {
  let best: { language: Language; weight: number } | undefined
  for (const range of (header ?? '').split(',').slice(0, 20)) {
    const [tag = '', quality = ''] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    const language = LANGUAGES.find((known) => tag === known || tag.startsWith(`${known}-`))
    const weight = quality.startsWith('q=') ? Number(quality.slice(2)) : 1
    if (language && weight > (best?.weight ?? 0)) best = { language, weight }
  }
  return best?.language ?? 'id'
}
