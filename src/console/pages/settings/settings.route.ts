import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { selectMigrations, selectServerVersion } from '../../../reports/oversight/versions.sql.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { type SettingRow, settingsBody } from './settings-page.ts'
import { SETTINGS_MENU, SETTINGS_PATH } from './words.ts'

export type SettingsPageOptions = { db: Pool; settings: readonly SettingRow[]; clock: () => Date }

/** The settings of this process, its versions, and the migrations that the database has had. */
export async function settingsPages(app: FastifyInstance, { db, settings, clock }: SettingsPageOptions): Promise<void> {
  const startedAt = clock()
  const route = { config: doorTo('settings'), schema: { hide: true } }

  app.get(SETTINGS_PATH, route, async (request, reply) => {
    const view = viewOf(request)
    const [server, migrations] = await Promise.all([selectServerVersion(db), selectMigrations(db)])
    const versions = { 'Node.js': process.version, PostgreSQL: server }
    const body = settingsBody(view, { settings, versions, startedAt, migrations })
    return sendPage(reply, view, SETTINGS_MENU.text[view.language], body)
  })
}
