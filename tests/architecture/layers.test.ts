import { describe, expect, it } from 'vitest'
import { type Import, importsOf, isOurs, planted, roomOf, SOURCES, suffixOf } from './tree.ts'

/** From the bottom to the top: a room imports what is below it, and nothing beside it. */
const LAYERS = [
  ['domain'],
  ['language'],
  ['io'],
  ['trust'],
  ['engine', 'receiver'],
  ['intake', 'clean', 'link', 'forward', 'results', 'notify', 'programmes', 'rights'],
  ['catalogue', 'reports'],
  ['watch'],
  ['web'],
  ['console', 'portal'],
  ['app'],
  ['cli'],
  ['main'],
]

/** The same inside the link stage. */
const LINK_LAYERS = [
  ['compare'],
  ['score', 'subjects'],
  ['block', 'review'],
  ['cluster'],
  ['resolve'],
  ['withdraw'],
  ['persons', 'train'],
]

/** Few know these. */
const KNOWN_TO: Readonly<Record<string, readonly string[]>> = { receiver: ['cli'], cli: ['main'] }

/** The rule that an import breaks, in a sentence; undefined when it breaks none. */
function faultOf({ from, to }: Import): string | undefined {
  if (!isOurs(to)) return undefined
  const [room, other] = [roomOf(from), roomOf(to)]
  if (room === other) return room === 'link' ? linkFaultOf(from, to) : undefined
  const [own, theirs] = [rankOf(LAYERS, room), rankOf(LAYERS, other)]
  if (own === -1) return `${from} lies in a room without a layer`
  if (theirs === -1) return `${from} imports ${to}, which lies in a room without a layer`
  if (theirs > own) return `${from} imports ${to}, which is above it`
  if (theirs === own) return `${from} imports ${to}, which is beside it`
  if (KNOWN_TO[other]?.includes(room) === false) return `${from} imports ${to}, which it must not know`
  return undefined
}

/** Tables and words that lie flat in the stage are below its rooms; its stage and its routes are above them. */
function linkFaultOf(from: string, to: string): string | undefined {
  const rank = (path: string) => {
    const [, room = '', file] = path.split('/')
    if (file !== undefined) return rankOf(LINK_LAYERS, room)
    return suffixOf(path) === undefined ? -1 : LINK_LAYERS.length
  }
  const roomIn = (path: string) => (path.split('/').length > 2 ? path.split('/')[1] : '')
  const isSameRoom = roomIn(from) === roomIn(to)
  if (isSameRoom || rank(to) < rank(from)) return undefined
  return `${from} imports ${to}, which is not below it in the link stage`
}

function rankOf(layers: readonly string[][], room: string): number {
  return layers.findIndex((rooms) => rooms.includes(room))
}

describe('layers', () => {
  const all = importsOf(SOURCES)

  it('are seen in the source tree', () => {
    expect(all.length).toBeGreaterThan(300)
    expect(all).toContainEqual({ from: 'pipeline.ts', to: 'link/link.stage.ts', isType: false })
    expect(new Set(all.map(({ from }) => rankOf(LAYERS, roomOf(from)))).size).toBe(LAYERS.length)
  })

  it('are kept: every import leads downward, and no stage, page or report knows another', () => {
    expect(all.map(faultOf).filter((fault) => fault !== undefined)).toEqual([])
  })

  it.each([
    ['domain/entry.ts', "import { sql } from '../io/postgres/sql.ts'"],
    ['language/document.ts', "import { newId } from '../io/ids.ts'"],
    ['io/queue.ts', "import type { Vault } from '../trust/keys/vault.ts'"],
    ['trust/audit/audit.ts', "import { claimChunk } from '../../engine/chunk.sql.ts'"],
    ['engine/runner.ts', "import { cleanStage } from '../clean/clean.stage.ts'"],
    ['engine/runner.ts', "import { startReceiver } from '../receiver/receiver.ts'"],
    ['link/subjects/merge.ts', "import { claim } from '../../clean/claim.ts'"],
    ['forward/compose.ts', "export { readFeed } from '../intake/feed.ts'"],
    ['link/link.stage.ts', "import { pipeline } from '../pipeline.ts'"],
    ['catalogue/catalogue.ts', "import { balance } from '../reports/conservation.ts'"],
    ['web/page.ts', "import { WORDS } from '../console/words.ts'"],
    ['console/home.ts', "import { buildApp } from '../app.ts'"],
    ['app.ts', "import { upCommand } from './cli/run/up.ts'"],
    ['app.ts', "const { startReceiver } = await import('./receiver/receiver.ts')"],
    ['receiver/records.ts', "import { composeDelivery } from '../forward/compose.ts'"],
    ['receiver/records.ts', "import { page } from '../console/home.ts'"],
    ['attic/old.ts', "import { newId } from '../io/ids.ts'"],
    ['cli/link/link.ts', "import { main } from '../../main.ts'"],
    ['link/compare/names.ts', "import { weigh } from '../score/evidence.ts'"],
    ['link/score/model.ts', "import type { SubjectRow } from '../subjects/subjects.sql.ts'"],
    ['link/block/blocking.ts', "import { readDesk } from '../review/desk.db.ts'"],
    ['link/cluster/cluster.ts', "import { resolve } from '../resolve/resolve.db.ts'"],
    ['link/persons/relink.ts', "import { train } from '../train/train.ts'"],
    ['link/resolve/load.db.ts', "import { linkStage } from '../link.stage.ts'"],
    ['link/findings.ts', "import { weigh } from './score/evidence.ts'"],
  ])('are broken by what is planted in %s', (path, text) => {
    expect(importsOf(planted(path, text)).map(faultOf)).toEqual([expect.stringContaining(path)])
  })

  it.each([
    ['cli/run/up.ts', "import { startReceiver } from '../../receiver/receiver.ts'"],
    ['main.ts', "import { buildProgram } from './cli/program.ts'"],
    ['link/resolve/decide.ts', "import { LINK_FINDINGS } from '../findings.ts'"],
    ['link/link.stage.ts', "import { resolve } from './resolve/resolve.db.ts'"],
    ['link/compare/names.ts', "import { REGION } from '../../domain/region.ts'"],
  ])('let %s do what it must', (path, text) => {
    expect(importsOf(planted(path, text)).map(faultOf)).toEqual([undefined])
  })
})
