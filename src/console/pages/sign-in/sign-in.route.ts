import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import { choosePassword, type EnrolDeps, type EnrolRefusal, readFirstTotp } from '../../../trust/people/enrol.db.ts'
import type { PeopleSessions } from '../../../trust/people/people-sessions.ts'
import type { Provider } from '../../../trust/people/provider.client.ts'
import { isRole } from '../../../trust/people/roles.ts'
import type { SignIn } from '../../../trust/people/sign-in.db.ts'
import { base32, otpauthUri } from '../../../trust/people/totp.ts'
import { pathTo, type View } from '../../../web/page.ts'
import { sendPage, strangerView } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { nextOf } from './next.ts'
import { accountBody, personSignInBody, recoveryBody, setUpBody } from './sign-in.ts'
import {
  ACCOUNT_PATH,
  PROVIDER_PATH,
  SET_UP_PATH,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  type SignInWord,
  saySignIn,
} from './words.ts'

export type SignInOptions = EnrolDeps & {
  signIn: SignIn
  peopleSessions: PeopleSessions
  /** Another place to sign in at. */
  provider: Pick<Provider, 'host'> | undefined
  issuer: string
  clock(): Date
}

const text = (maxLength: number) => Type.String({ maxLength })
const closed = { additionalProperties: false }
const SignInForm = Type.Object({ name: text(80), password: text(200), code: Type.Optional(text(40)) }, closed)
const CHOSEN = { password: text(1000), again: text(1000), code: text(40) }
const SetUpForm = Type.Object(CHOSEN, closed)
const ChangeForm = Type.Object({ ...CHOSEN, current: text(200) }, closed)

const WORD_OF: Readonly<Record<EnrolRefusal, SignInWord>> = {
  short: 'short',
  long: 'long',
  simple: 'simple',
  unequal: 'unequal',
  code: 'wrongCode',
  wrong: 'wrongPassword',
}

type Asked = { Querystring: { next?: string } }

/** Where persons sign in and out, set their account up by a first password, and change their password. */
export async function signInPages(app: FastifyInstance, options: SignInOptions): Promise<void> {
  const { signIn, peopleSessions: sessions, provider, clock } = options
  const elsewhere = provider === undefined ? {} : { provider: { host: provider.host, path: PROVIDER_PATH } }
  const guest = { config: { public: 'where persons sign in' }, schema: { hide: true } }

  app.get<Asked>(SIGN_IN_PATH, guest, async (request, reply) => {
    const view = strangerView(request)
    return sendPage(
      reply,
      view,
      saySignIn(view, 'signIn'),
      personSignInBody(view, { ...nextOf(request.query.next), ...elsewhere }),
    )
  })

  app.post<Asked>(SIGN_IN_PATH, guest, async (request, reply) => {
    const { body } = request
    if (!Value.Check(SignInForm, body)) throw new TitianError('bad-request')
    const view = strangerView(request)
    const next = nextOf(request.query.next)
    const answer = await signIn({ ...body, code: body.code ?? '', address: request.ip })
    if (answer.is === 'known' || answer.is === 'first') {
      const isFirst = answer.is === 'first'
      request.log.info({ person: answer.account, address: request.ip }, isFirst ? 'first sign-in' : 'signed in')
      const cookie = await sessions.begin(answer.account, request.headers.cookie, isFirst)
      const path = isFirst ? SET_UP_PATH : (next.next ?? '/console')
      return reply.header('set-cookie', cookie).redirect(pathTo(view, path), 303)
    }
    const reason = answer.is === 'refused' ? answer.reason : answer.is
    const person = answer.is === 'refused' ? answer.account : undefined
    request.log.warn({ reason, address: request.ip, ...(person && { person }) }, 'sign-in refused')
    if (answer.is === 'too-many') reply.header('retry-after', String(answer.retryAfterSeconds))
    const trouble: SignInWord = answer.is === 'too-many' ? 'slow' : 'wrong'
    const page = personSignInBody(view, { ...next, ...elsewhere, trouble, name: body.name })
    return sendPage(reply.code(answer.is === 'too-many' ? 429 : 401), view, saySignIn(view, 'signIn'), page)
  })

  app.post(SIGN_OUT_PATH, guest, async (request, reply) => {
    const cookie = await sessions.end(request.headers.cookie)
    return reply.header('set-cookie', cookie).redirect(pathTo(strangerView(request), SIGN_IN_PATH), 303)
  })

  app.get(SET_UP_PATH, guest, async (request, reply) => {
    const first = await sessions.findFirst(request.headers.cookie)
    if (first === undefined) throw new TitianError('token-missing')
    return sendSetUp(request, reply, first.account)
  })

  app.post(SET_UP_PATH, guest, async (request, reply) => {
    const first = await sessions.findFirst(request.headers.cookie)
    if (first === undefined) throw new TitianError('token-missing')
    if (!Value.Check(SetUpForm, request.body)) throw new TitianError('bad-request')
    const done = await choosePassword(options, first.account, request.body, { now: clock().getTime() })
    if (done.is === 'refused') return sendSetUp(request, reply, first.account, WORD_OF[done.why])
    return sendRecovery(request, reply, first.account, done.recovery)
  })

  app.get(ACCOUNT_PATH, { config: doorTo('account'), schema: { hide: true } }, async (request, reply) =>
    sendAccount(request, reply),
  )

  app.post(ACCOUNT_PATH, { config: doorTo('account'), schema: { hide: true } }, async (request, reply) => {
    if (!Value.Check(ChangeForm, request.body)) throw new TitianError('bad-request')
    const { current, ...chosen } = request.body
    const { client } = request.caller
    const account = client as Parameters<typeof choosePassword>[1]
    const done = await choosePassword(options, account, chosen, { current, now: clock().getTime() })
    if (done.is === 'refused') return sendAccount(request, reply, WORD_OF[done.why])
    return sendRecovery(request, reply, account, done.recovery)
  })

  async function sendSetUp(
    request: FastifyRequest,
    reply: FastifyReply,
    account: Parameters<typeof readFirstTotp>[1],
    trouble?: SignInWord,
  ): Promise<FastifyReply> {
    const view = strangerView(request)
    const first = await readFirstTotp(options, account)
    if (first === undefined) throw new TitianError('token-missing')
    const uri = otpauthUri(first.secret, { issuer: `Titian ${new URL(options.issuer).host}`, name: first.name })
    const body = setUpBody(view, { trouble, uri, secret: base32(first.secret), name: first.name })
    return sendPage(reply.code(trouble === undefined ? 200 : 422), view, saySignIn(view, 'setUp'), body)
  }

  /** The account is set up: a session of its own begins, and the codes are shown this once. */
  async function sendRecovery(
    request: FastifyRequest,
    reply: FastifyReply,
    account: Parameters<typeof readFirstTotp>[1],
    codes: readonly string[],
  ): Promise<FastifyReply> {
    const view: View = strangerView(request)
    const cookie = await sessions.begin(account, request.headers.cookie)
    return sendPage(reply.header('set-cookie', cookie), view, saySignIn(view, 'recovery'), recoveryBody(view, codes))
  }

  function sendAccount(request: FastifyRequest, reply: FastifyReply, trouble?: SignInWord): FastifyReply {
    const view = viewOf(request)
    const body = accountBody(view, { trouble, roles: request.caller.scopes.filter(isRole) })
    return sendPage(reply.code(trouble === undefined ? 200 : 422), view, saySignIn(view, 'account'), body)
  }
}
