import { Command } from 'commander'
import { keySettingsOf, readKeyRing, writeKeyRing } from '../../trust/keys/keyring.file.ts'
import { withToken } from '../../trust/keys/token.file.ts'
import type { CliContext } from '../context.ts'

/** Which ring a command is about. */
export type Where = { data: string; file?: string }

/** `titian keys wrap`: keeps the ring file under a key that never leaves a token. */
export function wrapCommand(context: CliContext, pathOf: (where: Where) => string): Command {
  return new Command('wrap')
    .description('Keep the key ring file under a master key on a token (PKCS#11): KEYS_PKCS11_MODULE opens it')
    .requiredOption('--token <label>', 'label of the token')
    .requiredOption('--key <label>', 'label of the master key, an AES key of 256 bits on the token')
    .option('--make', 'make the master key first; it can never leave the token')
    .action(async (where: Where & { token: string; key: string; make?: true }) => {
      const path = pathOf(where)
      const settings = keySettingsOf(context.env)
      const master = { name: { token: where.token, label: where.key }, settings }
      const ring = await readKeyRing(path, settings)
      if (where.make) withToken(master.name, settings, (token) => token.make())
      await writeKeyRing(path, ring, master)
      context.out(
        `${path} is under the key ${where.key} of the token ${where.token}: without that token it opens no more`,
      )
    })
}

/** `titian keys unwrap`: the ring as it is, for copies of custodians or another token. */
export function unwrapCommand(context: CliContext, pathOf: (where: Where) => string): Command {
  return new Command('unwrap')
    .description('Write the key ring file as it is again, by its token; readable by its owner only')
    .action(async (where: Where) => {
      const path = pathOf(where)
      await writeKeyRing(path, await readKeyRing(path, keySettingsOf(context.env)))
      context.out(`${path} holds the keys themselves: whoever reads it needs no token`)
    })
}
