import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import type { Config } from '../../../config.ts'
import { SETTINGS } from '../../../config.ts'
import { selectMigrations, selectServerVersion } from '../../../reports/versions.sql.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { maskedSetting } from './masked-setting.ts'
import { settingsBody } from './settings-page.ts'
import { SETTINGS_MENU } from './words.ts'

export type SettingsPageOptions = { db: Pool; config: Config; clock: () => Date }

/** The settings of this process, its versions, and the migrations that the database has had. */
export async function settingsPages(app: FastifyInstance, { db, config, clock }: SettingsPageOptions): Promise<void> {
  const startedAt = clock()
  app.get(
    SETTINGS_MENU.path,
    { config: { scope: 'ops', basic: true }, schema: { hide: true } },
    async (request, reply) => {
      const view = viewOf(request)
      const [server, migrations] = await Promise.all([selectServerVersion(db), selectMigrations(db)])
      const settings = Object.entries(SETTINGS).map(([name, schema]) => {
        const { description = '', default: standard } = schema as { description?: string; default?: unknown }
        const value = config[name as keyof Config]
        return {
          name,
          value: maskedSetting(name, value),
          isStandard: value !== undefined && value === standard,
          meaning: description,
        }
      })
      const versions = { 'Node.js': process.version, PostgreSQL: server }
      return sendPage(
        reply,
        view,
        SETTINGS_MENU.text[view.language],
        settingsBody(view, { settings, versions, startedAt, migrations }),
      )
    },
  )
}
