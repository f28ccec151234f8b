import { Command, InvalidArgumentError } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { keySettingsOf, loadKeyRing } from '../../trust/keys/keyring.file.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { createPasswords } from '../../trust/people/password.ts'
import {
  addPerson,
  changeRoles,
  disablePerson,
  FIRST_DAYS,
  listPeople,
  type PeopleDeps,
  resetPerson,
} from '../../trust/people/people.db.ts'
import { isRole, type PersonRole, ROLES } from '../../trust/people/roles.ts'
import { totpCode, totpStep } from '../../trust/people/totp.ts'
import type { CliContext } from '../context.ts'
import { readLocalPerson } from '../run/first-person.ts'
import { table } from '../table.ts'

type Common = { data: string; json?: true }

export function peopleCommand(context: CliContext): Command {
  const command = new Command('people').description('The persons who may sign in at the console')
  const withCommon = (sub: Command) =>
    sub.option('--data <dir>', 'data folder of the installation', context.dataDir).option('--json', 'print JSON')

  withCommon(command.command('add'))
    .description('Add a person and print a first password, this once')
    .argument('<name>', 'what they sign in by')
    .requiredOption('--role <role...>', `what they are: ${Object.keys(ROLES).join(', ')}`, collectRoles)
    .action(async (name: string, options: Common & { role: PersonRole[] }) => {
      const wish = { name, roles: options.role, by: operator() }
      const made = await withPeople(context, options, (deps) => addPerson(deps, wish))
      printFirst(context, options, { name, ...made })
    })

  withCommon(command.command('list'))
    .description('List all persons, disabled ones too')
    .action(async (options: Common) => {
      const people = await withPeople(context, options, listPeople)
      if (options.json) for (const person of people) context.out(JSON.stringify(person))
      else {
        const head = ['name', 'account', 'roles', 'state', 'signs in by', 'last signed in']
        const rows = people.map(({ name, id, roles, state, by, signed_in_at }) => [
          ...[name, id, roles.join(' '), state, by, signed_in_at ?? '-'],
        ])
        for (const line of table([head, ...rows], head.length)) context.out(line)
      }
    })

  for (const isDisabled of [true, false]) {
    const verb = isDisabled ? 'disable' : 'enable'
    withCommon(command.command(verb))
      .description(isDisabled ? 'Shut a person out: all their sessions end at once' : 'Let a disabled person in again')
      .argument('<name>')
      .action(async (name: string, options: Common) => {
        const id = await withPeople(context, options, (deps) =>
          disablePerson(deps, { name, isDisabled, by: operator() }),
        )
        context.out(options.json ? JSON.stringify({ name, id, disabled: isDisabled }) : `${name} is ${verb}d`)
      })
  }

  withCommon(command.command('reset'))
    .description('Give a first password anew, for who has lost password or phone: all their sessions end')
    .argument('<name>')
    .action(async (name: string, options: Common) => {
      const made = await withPeople(context, options, (deps) => resetPerson(deps, { name, by: operator() }))
      printFirst(context, options, { name, ...made })
    })

  withCommon(command.command('roles'))
    .description('Give a person these roles in place of the earlier ones; without a name, say what roles there are')
    .argument('[name]')
    .argument('[role...]', undefined, collectRoles)
    .action(async (name: string | undefined, roles: PersonRole[] | undefined, options: Common) => {
      if (name === undefined) return printRoles(context, options)
      if (roles === undefined || roles.length === 0)
        throw new TitianError('bad-request', `roles are: ${Object.keys(ROLES).join(', ')}`)
      const wish = { name, roles, by: operator() }
      const id = await withPeople(context, options, (deps) => changeRoles(deps, wish))
      context.out(options.json ? JSON.stringify({ name, id, roles }) : `${name} is ${roles.join(', ')}`)
    })

  withCommon(command.command('code'))
    .description('How the person signs in that titian up made on this machine: name, password, and the code of now')
    .action(async (options: Common) => {
      const { name, password, totp } = await readLocalPerson(options.data)
      const code = totpCode(Buffer.from(totp, 'base64url'), totpStep(Date.now()))
      if (options.json) return context.out(JSON.stringify({ name, password, code }))
      const rows = Object.entries({ name, password, code })
      for (const line of table(rows, 2)) context.out(line)
    })
  return command
}

function printFirst(context: CliContext, { json }: Common, made: { name: string; id: string; password: string }): void {
  if (json) {
    context.out(JSON.stringify(made))
    return
  }
  for (const line of table([...Object.entries({ name: made.name, account: made.id, password: made.password })], 2))
    context.out(line)
  context.err(
    `This first password is shown this once and counts ${FIRST_DAYS} days: at the first sign-in the person chooses their own, and sets up the second factor.`,
  )
}

function printRoles(context: CliContext, { json }: Common): void {
  const rows = Object.entries(ROLES).map(([role, { en }]) => [role, en])
  for (const line of json ? [JSON.stringify(Object.keys(ROLES))] : table(rows, 2)) context.out(line)
}

function collectRoles(text: string, earlier: PersonRole[] = []): PersonRole[] {
  const roles = text.split(/[\s,]+/).filter(Boolean)
  const known = roles.filter(isRole)
  if (known.length < roles.length) throw new InvalidArgumentError(`roles are: ${Object.keys(ROLES).join(', ')}`)
  return [...new Set([...earlier, ...known])]
}

/** Whoever has a shell on the installation, by the number that the system knows them by. */
function operator(): string {
  return `shell:${process.getuid?.() ?? 'unknown'}`
}

async function withPeople<T>(
  context: CliContext,
  { data }: Common,
  work: (deps: PeopleDeps) => Promise<T>,
): Promise<T> {
  const vault = openVault(await loadKeyRing(keySettingsOf(context.env), data))
  const db = await context.openDatabase(data)
  try {
    return await work({ db, vault, passwords: createPasswords(vault) })
  } finally {
    await db.end()
  }
}
