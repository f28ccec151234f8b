// `npm run -s alerts`: writes the rules for Prometheus anew, and the list of alerts in the documents.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONDITIONS } from '../../src/watch/alerts/conditions.ts'
import { rulesFor } from '../../src/watch/alerts/rules.ts'
import { ALERTS_PAGE, alertList, RULES_FILE, withList } from './alert-pages.ts'

const at = (path: string) => join(import.meta.dirname, '../..', path)
writeFileSync(at(RULES_FILE), rulesFor(CONDITIONS))
writeFileSync(at(ALERTS_PAGE), withList(readFileSync(at(ALERTS_PAGE), 'utf8'), alertList(CONDITIONS)))
