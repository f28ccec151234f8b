import type { FastifyReply, FastifyRequest } from 'fastify'
import { varyBy } from './vary.ts'
import { weightedList } from './weighted.ts'

/** The languages that people are answered in; the first is the default. */
const LANGUAGES = ['id', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** Java and old browsers call Indonesian by its former code. */
const TAGS: Readonly<Record<string, Language>> = { id: 'id', in: 'id', en: 'en' }

/** The best of our languages for an Accept-Language header (RFC 9110, 12.5.4); Indonesian when it names none of them. */
export function languageOf(header: string | undefined): Language {
  const weights = new Map<Language, number>()
  let rest: number | undefined
  for (const { value, weight } of weightedList(header)) {
    const language = TAGS[value.split('-')[0] ?? '']
    if (language !== undefined) weights.set(language, Math.max(weight, weights.get(language) ?? 0))
    else if (value === '*') rest = weight
  }
  if (rest !== undefined) for (const one of LANGUAGES) if (!weights.has(one)) weights.set(one, rest)
  // A map keeps the order of the header, which decides among equals.
  const [best] = [...weights].filter(([, weight]) => weight > 0).sort(([, a], [, b]) => b - a)
  return best?.[0] ?? LANGUAGES.find((one) => weights.get(one) !== 0) ?? LANGUAGES[0]
}

/** The language to answer this request in; the answer says so, and that another header would have changed it. */
export function speakTo(request: FastifyRequest, reply: FastifyReply): Language {
  const language = languageOf(request.headers['accept-language'])
  void reply.header('content-language', language)
  varyBy(reply, 'accept-language')
  return language
}
