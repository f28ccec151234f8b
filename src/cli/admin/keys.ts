import { Command, InvalidArgumentError } from 'commander'
import { keyRingFile, readKeyRing, writeKeyRing, writeNewKeyRing } from '../../trust/keys/keyring.file.ts'
import { createKeyRing, rotateKeyRing } from '../../trust/keys/keyring.ts'
import type { CliContext } from '../context.ts'

type Where = { data: string; file?: string }

export function keysCommand(context: CliContext): Command {
  const command = new Command('keys').description('Make and renew the key ring that seals data and signs')
  const pathOf = ({ data, file }: Where) => file ?? context.env.KEYS_FILE ?? keyRingFile(data)
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
    .action(async (where: Where & { in: number }) => {
      const path = pathOf(where)
      const now = new Date()
      const from = new Date(now.getTime() + where.in * 60_000)
      await writeKeyRing(path, rotateKeyRing(await readKeyRing(path), now, from))
      context.out(`${path} has new keys, which take over at ${from.toISOString()}; restart every process to load them`)
    })
  return command
}

function minutes(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number of minutes is wanted')
  return Number(text)
}
