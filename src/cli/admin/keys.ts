import { setTimeout as delay } from 'node:timers/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { canSign, ringFor } from '../../trust/keys/holders.ts'
import {
  keyRingFile,
  keySettingsOf,
  masterOf,
  readKeyRing,
  writeKeyRing,
  writeNewKeyRing,
} from '../../trust/keys/keyring.file.ts'
import {
  createKeyRing,
  indexKeysOf,
  rotateIndexKey,
  rotateKeyRing,
  withoutIndexKeys,
  withoutSealKeys,
  workingKey,
} from '../../trust/keys/keyring.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { readIndexKey } from '../../trust/reindex/gate.sql.ts'
import { readIndexUse } from '../../trust/reindex/index-use.db.ts'
import { readKeyUse } from '../../trust/reseal/key-use.db.ts'
import { resealAll } from '../../trust/reseal/reseal.db.ts'
import type { CliContext } from '../context.ts'
import { unwrapCommand, type Where, wrapCommand } from './keys-master.ts'

export function keysCommand(context: CliContext): Command {
  const command = new Command('keys').description('Make and renew the key ring that seals data and signs')
  const pathOf = ({ data, file }: Where) => file ?? context.env.KEYS_FILE ?? keyRingFile(data)
  const settings = keySettingsOf(context.env)
  const withWhere = (sub: Command) =>
    sub
      .option('--data <dir>', 'data folder whose keys.json it is', context.dataDir)
      .option('--file <file>', 'key ring file; else KEYS_FILE, else in the data folder')

  withWhere(command.command('init'))
    .description('Make a new key ring, readable by its owner only; an existing one is never overwritten')
    .action(async (where: Where) => {
      const path = pathOf(where)
      await writeNewKeyRing(path, createKeyRing(new Date()))
      context.out(`${path} is made: keep a copy in a safe place, without it sealed data is lost`)
    })

  withWhere(command.command('rotate'))
    .description('Add new seal and signing keys; what the old ones sealed and signed stays readable and valid')
    .option(
      '--in <minutes>',
      'let the new keys take over later, so that every process can be restarted first',
      minutes,
      0,
    )
    .option('--index', 'add an index key instead: all indexes are moved to it, and no record is linked meanwhile')
    .action(async (where: Where & { in: number; index?: true }) => {
      const path = pathOf(where)
      const now = new Date()
      const from = new Date(now.getTime() + where.in * 60_000)
      const whole = await readKeyRing(path, settings)
      const master = await masterOf(path, settings)
      if (!canSign(whole.tokens) || !canSign(whole.deliveries))
        throw new TitianError(
          'key-ring-invalid',
          `${path} was split off for one kind of process: rotate the whole ring`,
        )
      if (where.index) {
        const ring = rotateIndexKey(whole, from)
        await writeKeyRing(path, ring, master)
        const version = indexKeysOf(ring).at(-1)?.version
        return context.out(
          `${path} has index key ${version}; indexes are moved to it from ${from.toISOString()} on, once every process has it`,
        )
      }
      await writeKeyRing(path, rotateKeyRing(whole, now, from), master)
      context.out(`${path} has new keys, which take over at ${from.toISOString()}; restart every process to load them`)
    })

  withWhere(command.command('split'))
    .description('Write a ring for one kind of process, with the private keys alone that it signs by')
    .addOption(new Option('--for <process>', 'who is given it').choices(['gateway', 'worker']).makeOptionMandatory())
    .requiredOption('--out <file>', 'file to make, readable by its owner only; never overwritten')
    .action(async (where: Where & { for: 'gateway' | 'worker'; out: string }) => {
      const path = pathOf(where)
      const ring = ringFor(where.for, await readKeyRing(path, settings))
      await writeNewKeyRing(where.out, ring, await masterOf(path, settings))
      context.out(`${where.out} is made for each ${where.for}: split again after every rotation`)
    })

  command.addCommand(withWhere(wrapCommand(context, pathOf)))
  command.addCommand(withWhere(unwrapCommand(context, pathOf)))

  withWhere(command.command('status'))
    .description('Say which seal key and which index key work, and how many values each one still has')
    .option('--json', 'print JSON')
    .action(async (where: Where & { json?: true }) => {
      const ring = await readKeyRing(pathOf(where), settings)
      const working = workingKey(ring.seal, new Date()).version
      const { uses, indexed } = await withDatabase(context, where, async (db) => ({
        uses: await readKeyUse(db),
        indexed: await readIndexUse(db, ring),
      }))
      const known = new Map(uses.map((use) => [use.version, use]))
      const versions = [...new Set([...ring.seal.map(({ version }) => version), ...known.keys()])].sort((a, b) => a - b)
      for (const version of versions) {
        const { values = 0, columns = {} } = known.get(version) ?? {}
        const isHere = ring.seal.some((key) => key.version === version)
        const state = version === working ? 'works' : isHere ? 'opens only' : 'NOT IN THE RING'
        if (where.json) context.out(JSON.stringify({ kind: 'seal', version, state, values, columns }))
        else context.out([`seal key ${version}`, state, `${values} values`, placesOf(columns)].join('\t'))
      }
      for (const { version, state, rows, tables, waitsFor } of indexed) {
        if (where.json)
          context.out(JSON.stringify({ kind: 'index', version, state, values: rows, columns: tables, waitsFor }))
        else context.out([`index key ${version}`, state, `${rows} rows`, waitsFor ?? placesOf(tables)].join('\t'))
      }
    })

  withWhere(command.command('reseal'))
    .description('Seal anew, now, whatever old keys have sealed; gateways and workers do the same in the background')
    .action(async (where: Where) => {
      const ring = await readKeyRing(pathOf(where), settings)
      const deps = { vault: openVault(ring), ring, crash: () => undefined }
      await withDatabase(context, where, async (db) => {
        const resealed = await resealAll(db, deps, () => delay(HELD_MS, undefined, { signal: context.signal }))
        await audit(db, 'keys.resealed', { resealed, version: deps.vault.sealVersion() })
        context.out(`${resealed} values are sealed anew under seal key ${deps.vault.sealVersion()}`)
      })
    })

  withWhere(command.command('retire'))
    .description('Take seal and index keys out of the ring that nothing is under any more; refused where there is none')
    .action(async (where: Where) => {
      const path = pathOf(where)
      const ring = await readKeyRing(path, settings)
      await withDatabase(context, where, async (db) => {
        const used = new Set((await readKeyUse(db)).map(({ version }) => version))
        const unused = new Set(ring.seal.map(({ version }) => version).filter((version) => !used.has(version)))
        const { version, movingTo } = await readIndexKey(db)
        const left = withoutIndexKeys(withoutSealKeys(ring, unused, new Date()), movingTo === null ? version : 0)
        const seals = ring.seal.filter((key) => !left.seal.includes(key)).map((key) => key.version)
        const stay = new Set(indexKeysOf(left).map((key) => key.version))
        const indexes = indexKeysOf(ring)
          .map((key) => key.version)
          .filter((one) => !stay.has(one))
        const gone = [...namesOf('seal', seals), ...namesOf('index', indexes)]
        if (gone.length === 0) throw new TitianError('keys-in-use')
        await audit(db, 'keys.retired', { keys: gone.join(', ') })
        await writeKeyRing(path, left, await masterOf(path, settings))
        context.out(`${path} has no ${gone.join(' and no ')} any more: nothing is under it`)
      })
    })
  return command
}

// Rows that another process works on are free again within its lease.
const HELD_MS = 500

function audit(db: pg.Pool, action: 'keys.resealed' | 'keys.retired', details: Record<string, string | number>) {
  const actor = `shell:${process.getuid?.() ?? 'unknown'}`
  return inTransaction(db, (tx) => appendAudit(tx, { actor, action, object: 'seal', details }))
}

/** `seal key 1, 2`; nothing where there is none. */
function namesOf(kind: 'seal' | 'index', versions: readonly number[]): string[] {
  return versions.length === 0 ? [] : [`${kind} key ${versions.join(', ')}`]
}

function placesOf(columns: Readonly<Record<string, number>>): string {
  return Object.entries(columns)
    .map(([name, values]) => `${name} ${values}`)
    .join(', ')
}

async function withDatabase<T>(context: CliContext, { data }: Where, work: (db: pg.Pool) => Promise<T>): Promise<T> {
  const db = await context.openDatabase(data)
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}

function minutes(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number of minutes is wanted')
  return Number(text)
}
