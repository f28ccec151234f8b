import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { TitianError } from '../../../domain/error.ts'
import { searchAudit } from '../../../reports/oversight/audit-search.sql.ts'
import { AUDIT_ACTIONS } from '../../../trust/audit/actions.ts'
import { lastCheckpoint, readCosignatures, secondsUnconfirmed } from '../../../trust/audit/checkpoint.sql.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { type AuditQuery, auditBody } from './audit-page.ts'
import { AUDIT_MENU, AUDIT_PATH } from './words.ts'

export type AuditPageOptions = { db: Pool }

const PAGE = 50
const DAY = /^\d{4}-\d\d-\d\d$/

/** The audit log for those who watch over it: by action, actor, object and day. */
export async function auditPages(app: FastifyInstance, { db }: AuditPageOptions): Promise<void> {
  const readState = async () => {
    const checkpoint = await lastCheckpoint(db)
    const witnesses = checkpoint === undefined ? [] : await readCosignatures(db, checkpoint.size)
    return { checkpoint, witnesses: witnesses.length, secondsUnconfirmed: await secondsUnconfirmed(db) }
  }
  const route = { config: doorTo('audit'), schema: { hide: true } }
  app.get<{ Querystring: AuditQuery & { before?: string } }>(AUDIT_PATH, route, async (request, reply) => {
    const view = viewOf(request)
    const { before, ...rest } = request.query
    const query = given(rest)
    const { action, actor, object, since } = query
    const day = since === undefined ? null : dayOf(since)
    if (action !== undefined && !Object.hasOwn(AUDIT_ACTIONS, action)) throw new TitianError('bad-request')
    if (before !== undefined && !/^\d{1,15}$/.test(before)) throw new TitianError('bad-request')
    const search = {
      action: action ?? null,
      actor: actor ?? null,
      object: object ?? null,
      since: day,
      before: before === undefined ? null : Number(before),
    }
    const found = await searchAudit(db, search, PAGE)
    return sendPage(
      reply,
      view,
      AUDIT_MENU.text[view.language],
      auditBody(view, { query, state: await readState(), ...found }),
    )
  })
}

/** What of the form was filled in. */
function given({ action, actor, object, since }: AuditQuery): AuditQuery {
  return Object.fromEntries(
    Object.entries({ action, actor, object, since }).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' && value.length <= 100 ? [[name, value.trim()]] : [],
    ),
  )
}

/** The beginning of a day by the clocks of Jakarta. */
function dayOf(text: string): Date {
  const day = new Date(`${text}T00:00:00+07:00`)
  if (!DAY.test(text) || Number.isNaN(day.getTime())) throw new TitianError('bad-request')
  return day
}
