import type { BatchId, SubjectId } from '../../domain/ids.ts'

/** `open` until the notice is given (`told`): the clock of article 46 runs; `closed` when nothing is left to be done. */
export const BREACH_STATES = ['open', 'told', 'closed'] as const
export type BreachState = (typeof BREACH_STATES)[number]

/** What article 46 (2) wants told: what data was disclosed, when and how, and what is done about it. */
export type BreachSaid = { data: string; how: string; handling: string }

/** A breach, as it is stored; `platforms` are those all of whose records may be concerned, `*` everybody's. */
export type Breach = {
  id: `brc_${string}`
  state: BreachState
  knownAt: Date
  said: Buffer
  client: string | null
  fromAt: Date | null
  toAt: Date | null
  batches: BatchId[]
  platforms: string[]
  subjects: number
  openedBy: string
  openedAt: Date
  toldBy: string | null
  toldAt: Date | null
  closedAt: Date | null
}

/** What was read, by the log: things that lead to few persons, and platforms of which anybody may have been read. */
export type Exposed = {
  subjects: SubjectId[]
  families: string[]
  reviews: string[]
  deliveries: string[]
  batches: string[]
  lists: string[]
  platforms: string[]
}

const EVERYBODY = '*'

/** Sorts readings of the audit log by what they lead to. Of a reading that names no person, everybody may be concerned. */
export function exposedBy(readings: readonly { action: string; object: string }[]): Exposed {
  const found = {
    subjects: new Set<SubjectId>(),
    families: new Set<string>(),
    reviews: new Set<string>(),
    deliveries: new Set<string>(),
    batches: new Set<string>(),
    lists: new Set<string>(),
    platforms: new Set<string>(),
  }
  for (const { action, object } of readings) {
    const add = KIND_OF[action]
    if (add === undefined) found.platforms.add(EVERYBODY)
    else if (add === 'platforms') found.platforms.add(object === 'all' ? EVERYBODY : object)
    else if (add === 'subjects') found.subjects.add(object as SubjectId)
    else found[add].add(object)
  }
  const { subjects, families, reviews, deliveries, batches, lists, platforms } = found
  return {
    subjects: [...subjects],
    families: [...families],
    reviews: [...reviews],
    deliveries: [...deliveries],
    batches: [...batches],
    lists: [...lists],
    platforms: platforms.has(EVERYBODY) ? [EVERYBODY] : [...platforms].sort(),
  }
}

const KIND_OF: Readonly<Record<string, keyof Exposed>> = {
  'person.read': 'subjects',
  'person.disclosed': 'subjects',
  'explanation.read': 'subjects',
  'family.read': 'families',
  'review.read': 'reviews',
  'delivery.read': 'deliveries',
  'rows.read': 'batches',
  'batch.rows-read': 'batches',
  'candidates.read': 'lists',
  'results.read': 'platforms',
  'correction.read': 'platforms',
  'links.exported': 'platforms',
}

/** All actions of the audit log that give personal data away. */
export const READINGS: readonly string[] = [...Object.keys(KIND_OF), 'snapshot.read', 'record.read', 'rule.tried']

const DATE = new Intl.DateTimeFormat('id-ID', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Jakarta' })
const when = (at: Date) => `${DATE.format(at)} WIB`

/** The written notice of article 46, in Indonesian, to the persons concerned and the authority. */
export function noticeOf(
  { id, knownAt, fromAt, toAt, subjects, platforms }: Omit<Breach, 'said'>,
  { data, how, handling }: BreachSaid,
  { due, contact }: { due: Date; contact: string },
): string {
  const period =
    fromAt === null && toAt === null
      ? ''
      : `Kejadian berlangsung ${fromAt === null ? '' : `sejak ${when(fromAt)} `}${toAt === null ? '' : `sampai ${when(toAt)}`}. `
  const many =
    platforms.length === 0
      ? `${subjects} orang atau keluarga`
      : `${subjects} orang atau keluarga, dan mungkin lebih banyak`
  return [
    'PEMBERITAHUAN KEGAGALAN PELINDUNGAN DATA PRIBADI',
    `(UU 27/2022 pasal 46; nomor ${id})`,
    '',
    `Diketahui pada ${when(knownAt)}. Batas pemberitahuan 3 x 24 jam: ${when(due)}.`,
    '',
    '1. Data pribadi yang terungkap',
    data,
    `Terkait ${many}.`,
    '',
    '2. Kapan dan bagaimana data pribadi terungkap',
    `${period}${how}`.trim(),
    '',
    '3. Upaya penanganan dan pemulihan',
    handling,
    '',
    `Kontak: ${contact}`,
    '',
  ].join('\n')
}
