import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import type { PersonId } from '../../../domain/ids.ts'
import type { Canonical } from '../../../language/canonical.ts'
import { PERSON_ID } from '../../../link/persons/link-shapes.ts'
import { readPersonForSteward, type StewardDeps, unmergeForSteward } from '../../../link/persons/steward.db.ts'
import { readKnownFamily } from '../../../link/review/known-family.db.ts'
import { selectReviewsOf } from '../../../link/review/review.sql.ts'
import { readUnmergeOpinion } from '../../../link/review/unmerge-opinion.sql.ts'
import { selectHistory } from '../../../reports/oversight/history.sql.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, pathTo, type View } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { personBody } from './person-page.ts'
import { personPath } from './shown-person.ts'
import { seenOf } from './unmerge-form.ts'
import { PERSONS_PATH, type PersonWord, sayPerson } from './words.ts'

export type PersonPageOptions = StewardDeps & { canonical: Canonical }

const MOST_REVIEWS = 50
const MOST_HISTORY = 200
const BATCH = /^bat_[0-9a-z]{26}$/

/** A box for each source, by its place; the rest says what the steward saw, and why. */
const UnmergeForm = Type.Object(
  {
    reason: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }),
    version: Type.String({ pattern: '^\\d{1,9}$' }),
    seen: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  },
  { additionalProperties: Type.Literal('yes') },
)
const LEAVE = /^leave(\d{1,4})$/

const REFUSED: Readonly<Record<string, PersonWord>> = {
  changed: 'refusedChanged',
  'none-stays': 'refusedNoneStays',
  'not-theirs': 'refusedNothing',
}

/** A person for a steward, and the form that takes records away from them. */
export async function personPages(app: FastifyInstance, options: PersonPageOptions): Promise<void> {
  const route = { config: doorTo('persons'), schema: { hide: true } } as const
  type Asked = { Params: { id: string }; Querystring: { parted?: string; refused?: string } }

  app.get<Asked>(`${PERSONS_PATH}/:id`, route, async (request, reply) => {
    const { parted, refused } = request.query
    return sendPerson(request, reply, options, noteOf(viewOf(request), parted, refused))
  })

  app.post<Asked>(`${PERSONS_PATH}/:id/unmerge`, route, async (request, reply) => {
    const { body, params, caller } = request
    if (!Value.Check(UnmergeForm, body)) throw new TitianError('bad-request')
    const { version, seen, reason, ...boxes } = body
    const places = Object.keys(boxes).map((name) => LEAVE.exec(name)?.[1])
    if (places.includes(undefined)) throw new TitianError('bad-request')
    const by = caller.client
    const { view: person, keys } = await readPersonForSteward(options, personOf(params.id), by)
    const isSeen = person.version === Number(version) && seenOf(keys) === seen
    const leaving = places.flatMap((place) => keys[Number(place)] ?? [])
    const wish = { person: person.id as PersonId, leaving, by, reason, seen: keys }
    const done = isSeen ? await unmergeForSteward(options, wish) : ({ is: 'refused', why: 'changed' } as const)
    const told: Record<string, string> =
      done.is === 'parted' ? { parted: done.batch } : done.is === 'noted' ? { parted: 'noted' } : { refused: done.why }
    return reply.redirect(pathTo(viewOf(request), personPath(person.id), told), 303)
  })
}

async function sendPerson(
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
  options: PersonPageOptions,
  note: Html | undefined,
): Promise<FastifyReply> {
  const view = viewOf(request)
  const { db, canonical } = options
  const by = request.caller.client
  const { view: person, keys } = await readPersonForSteward(options, personOf(request.params.id), by)
  const family = person.family as Parameters<typeof readKnownFamily>[1] | null
  const known = family === null ? undefined : await readKnownFamily(options, family, by)
  const reviews = await selectReviewsOf(db, keys, MOST_REVIEWS)
  const things = [
    ...[person.id, ...person.redirects].map((object) => ({ kind: 'person', object })),
    ...reviews.map(({ id }) => ({ kind: 'review', object: id })),
  ]
  const history = await selectHistory(db, things, MOST_HISTORY)
  const opinion = await readUnmergeOpinion(db, person.id as PersonId)
  const isForTwo = keys.length >= options.fourEyesFrom
  const body = personBody(view, { person, keys, known, reviews, history, canonical, opinion, isForTwo })
  return sendPage(reply, view, sayPerson(view, 'personTitle'), html`${note}${body}`)
}

function personOf(id: string): PersonId {
  if (!new RegExp(PERSON_ID).test(id)) throw new TitianError('not-found')
  return id as PersonId
}

/** What became of a wish to part a person. */
function noteOf(view: View, parted: string | undefined, refused: string | undefined): Html | undefined {
  if (parted !== undefined && BATCH.test(parted))
    return html`<p class="note good" role="status">${sayPerson(view, 'savedParted')} <a href="${link(view, `/console/batches/${parted}`)}"><code>${parted}</code></a></p>`
  if (parted === 'noted') return html`<p class="note good" role="status">${sayPerson(view, 'savedNoted')}</p>`
  const word = refused !== undefined && Object.hasOwn(REFUSED, refused) ? REFUSED[refused] : undefined
  return word === undefined ? undefined : html`<p class="note bad" role="alert">${sayPerson(view, word)}</p>`
}
