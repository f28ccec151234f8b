import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import Type, { type Static } from 'typebox'
import { TitianError } from '../domain/error.ts'
import { speakTo } from '../io/http/language.ts'
import { problems, ref } from '../io/http/openapi.ts'
import { noteReading } from '../trust/audit/reading.db.ts'
import { type AskedDeps, frameOf, programmeAsked, shownValues } from './asked.http.ts'
import { reasonsOf, type Telling, whoIs } from './candidate.ts'
import { WhatIfPage } from './candidate-shapes.ts'
import { type EvaluateDeps, evaluate } from './facts/evaluate.db.ts'
import type { Evaluated, ListFrame } from './facts/evaluated.ts'
import type { PageSubjects } from './facts/household.ts'
import { NOTICE } from './notice.ts'
import { changeRule } from './rules/change-rule.ts'
import type { CompiledProgramme, Judgement } from './rules/compile-programme.ts'
import { WhatIf } from './shapes.ts'

export type WhatIfDeps = AskedDeps &
  EvaluateDeps & {
    db: Pool
    pageSubjects: PageSubjects
    timer: () => number
  }

/** Subjects looked at between two looks at the clock, and how long one request looks. */
const PAGE = 500
const BUDGET_MS = 5000
/** One answer holds so many changes and those of one page more. */
const MOST_CHANGES = 1000
const BODY_BYTES = 65_536

type Change = Static<typeof WhatIfPage>['comes_in'][number]

/** `POST /v1/programmes/{programme}/what-if`: who would come in and who would drop out by a changed rule. Nothing is stored. */
export async function whatIfRoutes(app: FastifyInstance, { programmes: deps }: { programmes: WhatIfDeps }) {
  /** Platforms that are being answered: one at a time for each, since a page is work for the whole process. */
  const busy = new Set<string>()
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      '/v1/programmes/:programme/what-if',
      { config: { scope: 'candidates:read' }, schema: SCHEMA, bodyLimit: BODY_BYTES },
      async (request, reply) => {
        const { region, settings, criteria, after = '' } = request.body
        const frame = frameOf(deps, request, region)
        const base = programmeAsked(deps, request.params.programme, frame.day)
        const changed = changeRule(base, { settings, criteria }, deps.book)
        const values = shownValues(request, frame.fields)
        const telling = { language: speakTo(request, reply), platform: frame.platform, values }
        if (busy.has(frame.platform))
          throw new TitianError('too-many', 'one what-if at a time', { retryAfterSeconds: BUDGET_MS / 1000 })
        busy.add(frame.platform)
        try {
          const answer = await compare(deps, frame, [base, changed], telling, after)
          const records = answer.comes_in.length + answer.drops_out.length
          const shown = { purpose: 'what-if', residents: answer.residents, records }
          const object = base.programme.name
          await noteReading(deps.db, { actor: request.caller.client, action: 'rule.tried', object, shown })
          return answer
        } finally {
          busy.delete(frame.platform)
        }
      },
    )
}

/** Both rules over the residents after a subject, until the time or the answer is full. */
async function compare(
  deps: WhatIfDeps,
  frame: ListFrame,
  [base, changed]: readonly [CompiledProgramme, CompiledProgramme],
  telling: Telling,
  after: string,
): Promise<Static<typeof WhatIfPage>> {
  const counts = { before: 0, after: 0, comes_in: 0, drops_out: 0, undecided_before: 0, undecided_after: 0 }
  const comesIn: Change[] = []
  const dropsOut: Change[] = []
  let residents = 0
  let next: string | null = after
  for (const end = deps.timer() + BUDGET_MS; next !== null; ) {
    const page = await deps.pageSubjects(frame.platform, base.programme.unit, next, PAGE)
    for (const one of await evaluate(deps, frame, page.subjects, [base, changed])) {
      const [was, is] = one.verdicts
      if (one.within === 'outside' || was === undefined || is === undefined) continue
      residents += 1
      counts.before += Number(was.eligibility === 'candidate')
      counts.after += Number(is.eligibility === 'candidate')
      counts.undecided_before += Number(was.eligibility === 'undecided')
      counts.undecided_after += Number(is.eligibility === 'undecided')
      if ((was.eligibility === 'candidate') === (is.eligibility === 'candidate')) continue
      const rows = is.eligibility === 'candidate' ? comesIn : dropsOut
      rows.push(changeOf(one, was, is, changed, frame.day, telling))
    }
    next = page.next
    if (deps.timer() >= end || comesIn.length + dropsOut.length >= MOST_CHANGES) break
  }
  counts.comes_in = comesIn.length
  counts.drops_out = dropsOut.length
  const { name: programme, version } = base.programme
  return {
    ...{ notice: NOTICE, programme, version, day: frame.day, residents, counts },
    ...{ comes_in: comesIn, drops_out: dropsOut, next },
  }
}

function changeOf(
  one: Evaluated,
  was: Judgement,
  is: Judgement,
  changed: CompiledProgramme,
  day: string,
  telling: Telling,
): Change {
  return {
    ...whoIs(one),
    before: was.eligibility,
    after: is.eligibility,
    reasons: reasonsOf({ ...one, verdict: is }, changed, day, telling),
  }
}

const SCHEMA = {
  operationId: 'tryRule',
  tags: ['programmes'],
  summary: 'What a changed rule or threshold would do',
  description:
    "Compares the programme with a changed one over one's own residents as they are now: who comes in, who drops out, and why. Nothing is " +
    'stored and nobody is decided on. A large region is read page by page: send `next` as `after`, and sum the counts.',
  params: Type.Object(
    { programme: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }) },
    { additionalProperties: false },
  ),
  body: ref(WhatIf),
  response: {
    200: ref(WhatIfPage),
    ...problems(
      ...([
        'programme-unknown',
        'programme-not-in-force',
        'agreement-not-in-force',
        'region-outside',
        'rule-invalid',
      ] as const),
      ...(['body-too-large', 'too-many'] as const),
    ),
  },
}
